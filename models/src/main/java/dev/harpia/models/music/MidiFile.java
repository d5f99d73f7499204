package dev.harpia.models.music;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.sound.midi.InvalidMidiDataException;
import javax.sound.midi.MetaMessage;
import javax.sound.midi.MidiEvent;
import javax.sound.midi.MidiSystem;
import javax.sound.midi.Sequence;
import javax.sound.midi.ShortMessage;
import javax.sound.midi.Track;

/** A performance as a standard MIDI file of one track. */
public final class MidiFile {
  private static final int QUARTER = 480; // ticks
  private static final int LOUD = 96;
  private static final int TITLE = 3;
  private static final int TEMPO = 0x51;

  private MidiFile() {}

  /**
   * The bytes of the file.
   *
   * @param instrument General MIDI's number from 0, such as 0 for a piano or 73 for a flute
   * @param quarters quarter notes in a minute
   */
  public static byte[] of(Performance performance, String title, int instrument, double quarters) {
    try {
      Sequence sequence = new Sequence(Sequence.PPQ, QUARTER);
      Track track = sequence.createTrack();
      byte[] name = title.getBytes(StandardCharsets.UTF_8);
      track.add(new MidiEvent(new MetaMessage(TITLE, name, name.length), 0));
      int micros = (int) Math.round(60e6 / quarters); // of a quarter note
      byte[] tempo = {(byte) (micros >> 16), (byte) (micros >> 8), (byte) micros};
      track.add(new MidiEvent(new MetaMessage(TEMPO, tempo, tempo.length), 0));
      track.add(event(ShortMessage.PROGRAM_CHANGE, instrument, 0, 0));
      for (Note note : performance.notes()) {
        long from = note.start().ticks(4 * QUARTER);
        long to = Math.max(from + 1, note.start().plus(note.length()).ticks(4 * QUARTER));
        track.add(event(ShortMessage.NOTE_ON, note.pitch(), LOUD, from));
        track.add(event(ShortMessage.NOTE_OFF, note.pitch(), 0, to));
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      MidiSystem.write(sequence, 0, bytes);
      return bytes.toByteArray();
    } catch (InvalidMidiDataException e) {
      throw new IllegalArgumentException("midi: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalStateException("midi: writing to memory failed", e);
    }
  }

  private static MidiEvent event(int command, int first, int second, long tick)
      throws InvalidMidiDataException {
    return new MidiEvent(new ShortMessage(command, 0, first, second), tick);
  }
}
