package dev.harpia.models.music;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What judges say of a number of tunes.
 *
 * @param tunes how many
 * @param valid those that our own reader finds without an error
 * @param rightBars those that our own reader reads, with a note and with no bar of a wrong length
 * @param accepted those that abc2midi accepts; −1 where it is not installed
 * @param acceptedBars those in which it finds no bar of a wrong length; −1 where it is not
 *     installed
 */
public record Verdicts(int tunes, int valid, int rightBars, int accepted, int acceptedBars) {
  /** Has tunes judged. */
  public static Verdicts of(List<String> tunes, Optional<Abc2Midi> judge) throws IOException {
    int valid = 0;
    int bars = 0;
    int accepted = judge.isPresent() ? 0 : -1;
    int acceptedBars = accepted;
    for (String text : tunes) {
      AbcTune tune = AbcReader.read(text);
      valid += tune.valid() ? 1 : 0;
      bars += tune.notes() > 0 && Performance.of(tune).rightBars() ? 1 : 0;
      if (judge.isPresent()) {
        Abc2Midi.Verdict verdict = judge.get().judge(text);
        accepted += verdict.accepted() ? 1 : 0;
        acceptedBars += verdict.rightBars() ? 1 : 0;
      }
    }
    return new Verdicts(tunes.size(), valid, bars, accepted, acceptedBars);
  }

  /** A count as a share of so many tunes; NaN where there is no such count. */
  public static double share(int count, int of) {
    return count < 0 || of == 0 ? Double.NaN : (double) count / of;
  }
}
