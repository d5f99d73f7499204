/** From one sequence to another with an encoder and a decoder. */
@NullMarked
package dev.harpia.models.seq2seq;

import org.jspecify.annotations.NullMarked;
