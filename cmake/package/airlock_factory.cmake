# SPDX-License-Identifier: Apache-2.0
# The boot program and an image in its primary as one file: cmake -D TOOL= -D BOOT= -D APP= -D OUT= -P
execute_process(COMMAND ${TOOL} inspect --json ${BOOT} OUTPUT_VARIABLE told COMMAND_ERROR_IS_FATAL ANY)
string(JSON primary GET "${told}" primary 0)
execute_process(COMMAND ${TOOL} -q hex merge ${BOOT} ${APP}@${primary} -o ${OUT} COMMAND_ERROR_IS_FATAL ANY)
