# SPDX-License-Identifier: Apache-2.0
# ALK_P256_DIR: p256-m of Mbed TLS 3.6 with our patch, in the build tree.
set(ALK_MBEDTLS_DIR "$ENV{ALK_MBEDTLS_DIR}" CACHE PATH
    "A Mbed TLS 3.6 source tree to use instead of Debian's source package")
set(ALK_P256_DIR ${PROJECT_BINARY_DIR}/p256-m)
execute_process(
    COMMAND ${CMAKE_COMMAND} -E env ALK_MBEDTLS_DIR=${ALK_MBEDTLS_DIR}
            ${PROJECT_SOURCE_DIR}/tools/fetch-mbedtls ${ALK_P256_DIR}
    RESULT_VARIABLE alk_fetch)
if(NOT alk_fetch EQUAL 0)
    message(FATAL_ERROR "tools/fetch-mbedtls failed: its reason stands above")
endif()
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/third_party/p256-m.patch
    ${PROJECT_SOURCE_DIR}/third_party/mbedtls.sha256)
