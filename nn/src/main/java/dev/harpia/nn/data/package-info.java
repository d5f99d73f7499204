/** Data sets, loaders and readers of data files. */
@NullMarked
package dev.harpia.nn.data;

import org.jspecify.annotations.NullMarked;
