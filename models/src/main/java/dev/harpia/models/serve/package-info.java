/** Models from files, run once from the command line or served over HTTP. */
@NullMarked
package dev.harpia.models.serve;

import org.jspecify.annotations.NullMarked;
