/** The libraries that Harpia is compared with; built only with the profile {@code peers}. */
@NullMarked
package dev.harpia.bench.peers;

import org.jspecify.annotations.NullMarked;
