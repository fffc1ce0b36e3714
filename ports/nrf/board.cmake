# SPDX-License-Identifier: Apache-2.0
# Build for a board of the family: boot programs and, where there is one, the demo.
set(port ${CMAKE_CURRENT_LIST_DIR})
set(board ${port}/boards/${ALK_BOARD})
if(NOT EXISTS ${board}/board.cmake)
    message(FATAL_ERROR "ALK_BOARD=${ALK_BOARD}: there is no ${board}/board.cmake")
endif()
include(${board}/board.cmake) # ALK_CPU ALK_VECTORS ALK_LOCK ALK_PORT_SOURCES
include(${PROJECT_SOURCE_DIR}/cmake/kconfig.cmake) # CONFIG_*

include_directories(${board})
add_compile_options(-mcpu=${ALK_CPU} ${ALK_CPU_OPTIONS} -mthumb --specs=picolibc.specs -ffunction-sections -fdata-sections
                    -fno-common -fshort-enums -fomit-frame-pointer)
add_link_options(-mcpu=${ALK_CPU} ${ALK_CPU_OPTIONS} -mthumb --specs=picolibc.specs -nostartfiles
                 -Wl,--gc-sections -Wl,--fatal-warnings)
if(CONFIG_LTO)
    add_compile_options(-flto)
    add_link_options(-flto)
endif()
# Two passes that cost 1 % of size here; and frames kept apart, so that what one
# function needs is not held while another runs (a fifth less stack, no bytes).
set(CMAKE_C_FLAGS_MINSIZEREL "-Os -fno-move-loop-invariants -fno-tree-dominator-opts")
string(APPEND CMAKE_C_FLAGS_MINSIZEREL " --param=large-stack-frame=200 --param=large-stack-frame-growth=30")

# One of each pair.
foreach(pair "CONFIG_FPROTECT ${ALK_LOCK} lock_none.c" "CONFIG_BOOT_WATCHDOG_FEED watchdog.c watchdog_none.c"
             "CONFIG_ALK_RECOVERY_BREAK break.c break_none.c")
    separate_arguments(pair)
    list(GET pair 0 symbol)
    if(${symbol})
        list(GET pair 1 file)
    else()
        list(GET pair 2 file)
    endif()
    list(APPEND ALK_PORT_SOURCES ${file})
endforeach()
list(TRANSFORM ALK_PORT_SOURCES PREPEND ${port}/)
list(APPEND ALK_PORT_SOURCES ${port}/port.c ${port}/map.c ${port}/nvmc.c ${port}/uart.c ${port}/start.c)
set(ALK_CRYPTO_SOURCES sha256.c aes.c p256.c secret.c)
list(TRANSFORM ALK_CRYPTO_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/adapters/crypto/)
list(APPEND ALK_CRYPTO_SOURCES ${ALK_P256_DIR}/p256-m.c)

# The units of this family's flash are small.
list(REMOVE_ITEM ALK_CORE_SOURCES ${PROJECT_SOURCE_DIR}/core/image/magic.c)
list(APPEND ALK_PORT_SOURCES ${port}/magic.c)

# What no program's settings touch is compiled once; a program that brings its
# own of something leaves ours in the archive.
add_library(alk_parts STATIC ${ALK_CORE_SOURCES} ${ALK_PORT_SOURCES} ${ALK_CRYPTO_SOURCES})
target_include_directories(alk_parts PRIVATE ${ALK_P256_DIR})

# Linker scripts are C-preprocessed: the numbers are those of board.h.
function(alk_link_script target script)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}.ld)
    add_custom_command(OUTPUT ${out}
        COMMAND ${CMAKE_C_COMPILER} -E -P -x c -I${board} ${ARGN} ${port}/${script} -o ${out}
        DEPENDS ${port}/${script} ${board}/board.h)
    add_custom_target(${target}_ld DEPENDS ${out})
    add_dependencies(${target} ${target}_ld)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS ${out})
    target_link_options(${target} PRIVATE -T${out} -Wl,-Map=${target}.map)
endfunction()

function(alk_firmware target script)
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ${target} SUFFIX .elf)
    target_link_libraries(${target} PRIVATE alk_parts)
    alk_link_script(${target} ${script} ${ARGN})
    add_custom_command(TARGET ${target} POST_BUILD
        COMMAND ${CMAKE_OBJCOPY} -O ihex ${target}.elf ${target}.hex
        COMMAND ${CMAKE_OBJCOPY} -O binary ${target}.elf ${target}.bin)
endfunction()

add_subdirectory(programs/boot)
if(ALK_CHAIN)
    add_subdirectory(programs/stage1)
endif()
if(CONFIG_ALK_DEMO)
    add_subdirectory(programs/demo)
endif()
