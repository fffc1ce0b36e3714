# SPDX-License-Identifier: Apache-2.0
#
#   airlock_add_firmware(TARGET
#       BOARD name              microbit, nrf52840dk, ..
#       APP program             a CMake target, or a .elf, .hex or .bin file
#       VERSION 1.2.3
#       SIGN_KEY sign.pem       private key; its public half goes into the boot program
#       [ENCRYPT_TO enc.pub.pem [DECRYPT_KEY enc.pem]]
#                               updates are encrypted; DECRYPT_KEY goes into the boot program
#       [VERIFY_KEY pub.pem..]  public keys for the boot program instead of SIGN_KEY's
#       [BOOTLOADER boot.hex]   a prebuilt boot program instead of the installed one
#       [PROVISIONED]           BOOTLOADER has its keys already (a factory.hex)
#       [SOURCE dir [CONF a.conf..]]
#                               build the boot program from airlock's sources, so configured
#       [HEADER_IN_APP]         the program leaves room for the header (Zephyr's do)
#       [PROVISION_OPTIONS ..] [SIGN_OPTIONS ..]  handed to airlock as they are
#       [OUTPUT_DIRECTORY dir])
#
# Builds, as part of "all":
#   TARGET.update.img    signed and, with ENCRYPT_TO, encrypted: for airlock upgrade
#   TARGET.boot.hex      the boot program with its keys
#   TARGET.factory.hex   that and the application: for a debug probe
# and fails if that boot program would not take that update (airlock check).
# The paths are properties of TARGET: AIRLOCK_UPDATE, AIRLOCK_BOOT, AIRLOCK_FACTORY.

set(AIRLOCK_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

# A file that must exist, as an absolute path.
function(airlock_file out what path)
    get_filename_component(full "${path}" ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    if(NOT EXISTS ${full} OR IS_DIRECTORY ${full})
        message(FATAL_ERROR "airlock_add_firmware: ${what} ${path}: there is no file ${full} "
                            "(a relative path begins at ${CMAKE_CURRENT_SOURCE_DIR})")
    endif()
    set(${out} ${full} PARENT_SCOPE)
endfunction()

# The boot program without keys: given, installed, or built.
function(airlock_boot_program out target)
    if(FW_BOOTLOADER AND FW_SOURCE)
        message(FATAL_ERROR "airlock_add_firmware(${target}): BOOTLOADER or SOURCE, not both")
    elseif(FW_CONF AND NOT FW_SOURCE)
        message(FATAL_ERROR "airlock_add_firmware(${target}): CONF has no effect on a prebuilt boot program; "
                            "add SOURCE (airlock's sources), or PROVISION_OPTIONS for what can be provisioned")
    elseif(FW_SOURCE)
        set(conf)
        foreach(file IN LISTS FW_CONF)
            airlock_file(full CONF ${file})
            list(APPEND conf ${full})
        endforeach()
        list(JOIN conf "\\;" conf)
        get_filename_component(source ${FW_SOURCE} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
        set(build ${CMAKE_CURRENT_BINARY_DIR}/${target}-boot)
        set(hex ${build}/programs/boot/boot.hex)
        add_custom_target(${target}-boot-build
            COMMAND ${CMAKE_COMMAND} -S ${source} -B ${build} -G ${CMAKE_GENERATOR} -DALK_BOARD=${FW_BOARD}
                    -DCMAKE_BUILD_TYPE=MinSizeRel -DCMAKE_TOOLCHAIN_FILE=${source}/cmake/arm-none-eabi.cmake
                    -DALK_TOOL=${AIRLOCK_TOOL} "-DALK_CONF=${conf}"
            COMMAND ${CMAKE_COMMAND} --build ${build} --target boot
            BYPRODUCTS ${hex} VERBATIM COMMENT "Boot program for ${FW_BOARD}, from ${source}")
    elseif(FW_BOOTLOADER)
        airlock_file(hex BOOTLOADER ${FW_BOOTLOADER})
    else()
        set(hex ${AIRLOCK_BOARDS}/${FW_BOARD}/boot.hex)
        if(NOT EXISTS ${hex})
            file(GLOB there RELATIVE ${AIRLOCK_BOARDS} ${AIRLOCK_BOARDS}/*)
            message(FATAL_ERROR "airlock_add_firmware(${target}): BOARD ${FW_BOARD}: no boot program for it was "
                                "installed (there are: ${there}); give BOOTLOADER or SOURCE")
        endif()
    endif()
    set(${out} ${hex} PARENT_SCOPE)
endfunction()

# The boot program with its keys.
function(airlock_provisioned out target blank)
    if(FW_PROVISIONED)
        set(${out} ${blank} PARENT_SCOPE)
        return()
    endif()
    set(hex ${FW_OUTPUT_DIRECTORY}/${target}.boot.hex)
    set(arguments)
    set(needs ${blank})
    set(first)
    if(FW_VERIFY_KEY)
        foreach(key IN LISTS FW_VERIFY_KEY)
            airlock_file(full VERIFY_KEY ${key})
            list(APPEND arguments --verify-key ${full})
            list(APPEND needs ${full})
        endforeach()
    else()
        set(public ${CMAKE_CURRENT_BINARY_DIR}/${target}.verify.pub.pem)
        set(first COMMAND ${AIRLOCK_TOOL} -q pubkey ${FW_SIGN_KEY} -o ${public})
        list(APPEND arguments --verify-key ${public})
        list(APPEND needs ${FW_SIGN_KEY})
    endif()
    if(FW_DECRYPT_KEY)
        list(APPEND arguments --decrypt-key ${FW_DECRYPT_KEY})
        list(APPEND needs ${FW_DECRYPT_KEY})
    endif()
    add_custom_command(OUTPUT ${hex} ${first}
        COMMAND ${AIRLOCK_TOOL} -q provision ${blank} ${arguments} ${FW_PROVISION_OPTIONS} -o ${hex}
        DEPENDS ${needs} VERBATIM COMMENT "Keys into ${target}.boot.hex")
    set(${out} ${hex} PARENT_SCOPE)
endfunction()

function(airlock_add_firmware target)
    cmake_parse_arguments(FW "PROVISIONED;HEADER_IN_APP"
        "BOARD;APP;VERSION;SIGN_KEY;ENCRYPT_TO;DECRYPT_KEY;BOOTLOADER;SOURCE;OUTPUT_DIRECTORY"
        "VERIFY_KEY;CONF;PROVISION_OPTIONS;SIGN_OPTIONS" ${ARGN})
    if(FW_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "airlock_add_firmware(${target}): no such argument: ${FW_UNPARSED_ARGUMENTS}")
    endif()
    foreach(needed APP VERSION SIGN_KEY)
        if(NOT FW_${needed})
            message(FATAL_ERROR "airlock_add_firmware(${target}): ${needed} is missing")
        endif()
    endforeach()
    if(NOT FW_BOARD AND NOT FW_BOOTLOADER)
        message(FATAL_ERROR "airlock_add_firmware(${target}): BOARD or BOOTLOADER is missing")
    endif()
    if(FW_PROVISIONED AND (NOT FW_BOOTLOADER OR FW_VERIFY_KEY OR FW_DECRYPT_KEY OR FW_PROVISION_OPTIONS))
        message(FATAL_ERROR "airlock_add_firmware(${target}): PROVISIONED is for a BOOTLOADER that has its keys; "
                            "VERIFY_KEY, DECRYPT_KEY and PROVISION_OPTIONS would have no effect on it")
    endif()
    if(FW_ENCRYPT_TO AND NOT FW_DECRYPT_KEY AND NOT FW_PROVISIONED)
        message(FATAL_ERROR "airlock_add_firmware(${target}): ENCRYPT_TO without DECRYPT_KEY: the boot program could "
                            "not open the update. Give the private half, or a BOOTLOADER that is PROVISIONED with it")
    endif()
    if(NOT FW_OUTPUT_DIRECTORY)
        set(FW_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    endif()
    foreach(key SIGN_KEY ENCRYPT_TO DECRYPT_KEY)
        if(FW_${key})
            airlock_file(FW_${key} ${key} ${FW_${key}})
        endif()
    endforeach()

    airlock_boot_program(blank ${target})
    airlock_provisioned(boot ${target} ${blank})
    if(TARGET ${FW_APP})
        set(app $<TARGET_FILE:${FW_APP}>)
        set(app_needs ${FW_APP} $<TARGET_FILE:${FW_APP}>)
    else()
        get_filename_component(app ${FW_APP} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
        set(app_needs ${app})
    endif()

    set(update ${FW_OUTPUT_DIRECTORY}/${target}.update.img)
    set(factory ${FW_OUTPUT_DIRECTORY}/${target}.factory.hex)
    set(plain ${CMAKE_CURRENT_BINARY_DIR}/${target}.plain.img)
    set(sign ${AIRLOCK_TOOL} -q sign ${app} --key ${FW_SIGN_KEY} --version ${FW_VERSION} --bootloader ${boot})
    if(NOT FW_HEADER_IN_APP)
        list(APPEND sign --pad-header)
    endif()
    list(APPEND sign ${FW_SIGN_OPTIONS})
    set(encrypt)
    if(FW_ENCRYPT_TO)
        set(encrypt --encrypt-to ${FW_ENCRYPT_TO})
    endif()
    add_custom_command(OUTPUT ${update} ${factory}
        COMMAND ${sign} ${encrypt} -o ${update}
        COMMAND ${AIRLOCK_TOOL} -q check ${update} --bootloader ${boot}
        COMMAND ${sign} -o ${plain}
        COMMAND ${CMAKE_COMMAND} -D TOOL=${AIRLOCK_TOOL} -D BOOT=${boot} -D APP=${plain} -D OUT=${factory}
                -P ${AIRLOCK_CMAKE_DIR}/airlock_factory.cmake
        DEPENDS ${boot} ${app_needs} ${FW_SIGN_KEY} ${FW_ENCRYPT_TO} VERBATIM
        COMMENT "${target}: update and factory file, version ${FW_VERSION}")
    add_custom_target(${target} ALL DEPENDS ${update} ${factory})
    set_target_properties(${target} PROPERTIES AIRLOCK_UPDATE ${update} AIRLOCK_BOOT ${boot} AIRLOCK_FACTORY ${factory})
endfunction()
