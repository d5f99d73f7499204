package dev.harpia.models.music;

/**
 * A note as it is played.
 *
 * @param pitch its MIDI number, middle C is 60
 * @param start from the beginning, in whole notes
 * @param length in whole notes
 */
public record Note(int pitch, Fraction start, Fraction length) {}
