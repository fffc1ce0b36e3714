# SPDX-License-Identifier: Apache-2.0
# Write manual pages and shell completion below PREFIX: cmake -D TOOL= -D PREFIX= -D MAN= -D DATA= -P
file(MAKE_DIRECTORY ${PREFIX}/${MAN}/man1 ${PREFIX}/${DATA}/bash-completion/completions
     ${PREFIX}/${DATA}/zsh/site-functions ${PREFIX}/${DATA}/fish/vendor_completions.d)
execute_process(COMMAND ${TOOL} --completion verbs OUTPUT_VARIABLE verbs COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" verbs "${verbs}")
execute_process(COMMAND ${TOOL} --man airlock OUTPUT_FILE ${PREFIX}/${MAN}/man1/airlock.1
                COMMAND_ERROR_IS_FATAL ANY)
foreach(verb IN LISTS verbs)
    string(REPLACE " " "-" page "airlock-${verb}.1")
    if(verb)
        execute_process(COMMAND ${TOOL} --man ${verb} OUTPUT_FILE ${PREFIX}/${MAN}/man1/${page}
                        COMMAND_ERROR_IS_FATAL ANY)
    endif()
endforeach()
execute_process(COMMAND ${TOOL} --completion bash
                OUTPUT_FILE ${PREFIX}/${DATA}/bash-completion/completions/airlock COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${TOOL} --completion zsh
                OUTPUT_FILE ${PREFIX}/${DATA}/zsh/site-functions/_airlock COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${TOOL} --completion fish
                OUTPUT_FILE ${PREFIX}/${DATA}/fish/vendor_completions.d/airlock.fish COMMAND_ERROR_IS_FATAL ANY)
