/** Recurrent language models, and the tunes of the music lab. */
@NullMarked
package dev.harpia.models.rnn;

import org.jspecify.annotations.NullMarked;
