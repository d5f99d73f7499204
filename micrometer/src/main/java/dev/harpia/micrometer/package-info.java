/** Figures of plans in service, for Micrometer's registries. */
@NullMarked
package dev.harpia.micrometer;

import org.jspecify.annotations.NullMarked;
