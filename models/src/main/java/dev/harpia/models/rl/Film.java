package dev.harpia.models.rl;

import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How an episode of a trained agent is filmed, and shown in a terminal.
 *
 * @param width of the pictures, in pixels
 * @param columns of the terminal's picture, in characters
 * @param every steps per picture
 * @param hundredths of a second that a picture stays
 * @param most pictures; a longer episode is left before its end
 */
record Film(int width, int columns, int every, int hundredths, int most) {
  /** Plays an episode; with a terminal, shows it there at the film's pace. */
  <A> List<BufferedImage> take(
      Environment<A> world, Agent<A> agent, long seed, Optional<PrintWriter> terminal) {
    float[] observation = world.reset(seed);
    List<BufferedImage> frames = new ArrayList<>();
    boolean done = false;
    for (int t = 0; !done && frames.size() < most; t++) {
      if (t % every == 0) {
        frames.add(SceneImage.draw(world.scene(), width));
        terminal.ifPresent(out -> show(world.scene(), out));
      }
      Step step = world.step(agent.act(observation));
      observation = step.observation();
      done = step.done();
    }
    frames.add(SceneImage.draw(world.scene(), width)); // how it ended
    return frames;
  }

  /** Draws over the picture before. */
  private void show(Scene scene, PrintWriter out) {
    out.print("\u001b[H\u001b[2J" + SceneImage.text(scene, columns));
    out.flush();
    try {
      Thread.sleep(10L * hundredths);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
