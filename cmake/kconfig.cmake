# SPDX-License-Identifier: Apache-2.0
# The board's configuration: CONFIG_* for lists of files, alk_config.h for rows
# and numbers.  Keys are looked at here and put in after the build.
set(ALK_CONF "" CACHE STRING "Kconfig fragments on top of the board's defconfig, separated by ;")
set(ALK_TOOL ${PROJECT_SOURCE_DIR}/build/bin/airlock CACHE FILEPATH "The airlock tool, where keys are configured")
set(ALK_CONFIG_DIR ${PROJECT_BINARY_DIR}/config)

set(alk_fragments)
foreach(file IN LISTS ALK_CONF)
    list(APPEND alk_fragments --conf ${file})
endforeach()
execute_process(
    COMMAND ${PROJECT_SOURCE_DIR}/tools/kconfig configure --board ${ALK_BOARD} --out ${ALK_CONFIG_DIR}
            --tool ${ALK_TOOL} ${alk_fragments}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} RESULT_VARIABLE alk_kconfig)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ALK_CONF})
if(NOT alk_kconfig EQUAL 0)
    message(FATAL_ERROR "the configuration is refused: the reasons stand above")
endif()
include(${ALK_CONFIG_DIR}/config.cmake)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ALK_CONFIG_INPUTS})
include_directories(${ALK_CONFIG_DIR})

# After the build: the keys into the key area of what was built.
function(alk_provision target)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}-provisioned.hex)
    set(arguments)
    foreach(key IN LISTS ALK_VERIFY_KEYS)
        get_filename_component(name ${key} NAME_WE)
        string(SHA256 tag ${key})
        string(SUBSTRING ${tag} 0 8 tag)
        set(public ${CMAKE_CURRENT_BINARY_DIR}/${name}-${tag}.pub.pem)
        add_custom_command(OUTPUT ${public} COMMAND ${ALK_TOOL} pubkey ${key} -o ${public} DEPENDS ${key} VERBATIM)
        list(APPEND arguments --verify-key ${public})
        list(APPEND publics ${public})
    endforeach()
    if(ALK_DECRYPT_KEY)
        list(APPEND arguments --decrypt-key ${ALK_DECRYPT_KEY})
    endif()
    add_custom_command(OUTPUT ${out}
        COMMAND ${ALK_TOOL} provision ${target}.elf ${arguments} ${ALK_PROVISION_OPTIONS} -o ${out}
        DEPENDS ${target} ${publics} ${ALK_DECRYPT_KEY} VERBATIM
        COMMENT "Keys into ${target}-provisioned.hex")
    add_custom_target(${target}-provisioned ALL DEPENDS ${out})
endfunction()
