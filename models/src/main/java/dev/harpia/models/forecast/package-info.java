/** Foretelling time series. */
@NullMarked
package dev.harpia.models.forecast;

import org.jspecify.annotations.NullMarked;
