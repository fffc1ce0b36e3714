# SPDX-License-Identifier: Apache-2.0
# The host build: build/bin/airlock, libairlock, airlock-device, simulator, tests.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${ALK_BIN_DIR})
option(ALK_SANITIZE "Build with AddressSanitizer and UBSan" OFF)
if(ALK_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
add_compile_definitions(_GNU_SOURCE ALK_VERSION="${PROJECT_VERSION}")

find_package(OpenSSL 3 REQUIRED)

add_library(airlock_core STATIC ${ALK_CORE_SOURCES})
target_compile_options(airlock_core PRIVATE -ffreestanding -fno-builtin-printf)
# The core reads the rows, the rows name the core: a cycle the linker must know.
add_library(airlock_tables STATIC config/tables.c)
target_include_directories(airlock_tables PRIVATE config/host)
target_link_libraries(airlock_tables PUBLIC airlock_core)
target_link_libraries(airlock_core PUBLIC airlock_tables airlock_crypto)

enable_testing()
add_subdirectory(adapters)
add_subdirectory(host)
add_subdirectory(sim)
add_subdirectory(programs/device)
add_subdirectory(tests)
