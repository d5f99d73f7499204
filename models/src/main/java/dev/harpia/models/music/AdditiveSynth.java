package dev.harpia.models.music;

import java.util.Arrays;

/**
 * Plays notes without any recorded sound: each is a sum of its harmonics, which begin together and
 * fade the faster the higher they are, as those of a plucked string.
 */
public final class AdditiveSynth {
  private static final double[] HARMONICS = {1, 0.5, 0.33, 0.2, 0.12, 0.08};
  private static final double ATTACK = 0.008; // seconds
  private static final double RELEASE = 0.06;
  private static final double FADE = 0.9; // seconds in which the first harmonic falls to 1/e
  private static final double TAIL = 0.3; // of silence behind the last note

  private AdditiveSynth() {}

  /**
   * Samples in [−1, 1], the loudest at 0.9.
   *
   * @param quarters quarter notes in a minute
   * @param rate samples in a second
   */
  public static float[] play(Performance performance, double quarters, int rate) {
    double whole = 4 * 60 / quarters; // seconds of a whole note
    double seconds = performance.length().value() * whole + TAIL;
    if (seconds > 3600) {
      throw new IllegalArgumentException(
          "synth: a tune of %.0f seconds: at most an hour".formatted(seconds));
    }
    float[] samples = new float[(int) Math.ceil(seconds * rate)];
    for (Note note : performance.notes()) {
      double start = note.start().value() * whole;
      add(samples, note.pitch(), start, note.length().value() * whole, rate);
    }
    float loudest = 0;
    for (float s : samples) {
      loudest = Math.max(loudest, Math.abs(s));
    }
    if (loudest > 0) {
      float scale = 0.9f / loudest;
      for (int i = 0; i < samples.length; i++) {
        samples[i] *= scale;
      }
    }
    return samples;
  }

  private static void add(float[] samples, int pitch, double start, double length, int rate) {
    double hertz = 440 * Math.pow(2, (pitch - 69) / 12.0);
    int from = (int) Math.round(start * rate);
    int count = (int) Math.round((length + RELEASE) * rate);
    int heard = Math.min(count, samples.length - from);
    double[] envelope = new double[Math.max(0, heard)];
    for (int k = 1; k <= HARMONICS.length; k++) {
      double omega = 2 * Math.PI * hertz * k / rate;
      if (omega > Math.PI * 0.9) {
        break; // would fold back below half the rate
      }
      Arrays.setAll(envelope, i -> (double) i / rate);
      // sin((i+1)ω) = 2 cos ω sin(iω) − sin((i−1)ω): no sine per sample
      double turn = 2 * Math.cos(omega);
      double before = -Math.sin(omega);
      double now = 0;
      for (int i = 0; i < envelope.length; i++) {
        double t = envelope[i];
        double shape =
            Math.min(1, t / ATTACK)
                * Math.exp(-t * k / FADE)
                * (t < length ? 1 : Math.max(0, 1 - (t - length) / RELEASE));
        samples[from + i] += (float) (HARMONICS[k - 1] * shape * now);
        double next = turn * now - before;
        before = now;
        now = next;
      }
    }
  }
}
