/** The data of the labs: drawn on the spot, or fetched once. */
@NullMarked
package dev.harpia.models.data;

import org.jspecify.annotations.NullMarked;
