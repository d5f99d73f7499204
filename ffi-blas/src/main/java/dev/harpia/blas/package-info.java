/**
 * OpenBLAS: found, verified, loaded, and offered as a matrix multiplication.
 *
 * <p>Put the classifier jar of {@code org.bytedeco:openblas:0.3.31-1.5.13} for your platform on the
 * <em>class path</em>, without its dependencies: {@code linux-x86_64}, {@code linux-arm64} or
 * {@code macosx-arm64}. In an application on the module path it stays on the class path, because
 * its module descriptor asks for modules that are not used here. With an OpenBLAS of the system,
 * 0.3.21 or newer, no jar is needed.
 *
 * <p>{@code -Dharpia.blas=auto|off|required|PATH} decides, {@code -Dharpia.cache=DIRECTORY} says
 * where the library is unpacked. Not on Windows yet: the generated bindings need a C {@code long}
 * of 64 bits.
 */
@NullMarked
package dev.harpia.blas;

import org.jspecify.annotations.NullMarked;
