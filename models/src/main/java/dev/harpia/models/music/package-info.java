/** Tunes in ABC notation: read, judged, composed, and written as MIDI and as sound. */
@NullMarked
package dev.harpia.models.music;

import org.jspecify.annotations.NullMarked;
