/** What a run leaves behind: its directory, its metrics, its files. */
@NullMarked
package dev.harpia.models.run;

import org.jspecify.annotations.NullMarked;
