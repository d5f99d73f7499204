package dev.harpia.models.rl;

import dev.harpia.models.run.JsonLine;
import java.util.List;

/**
 * What a lab learns, and how its results are told.
 *
 * @param <A> an action
 */
interface Task<A> {
  /** The lab's name. */
  String lab();

  /** The heading of its report. */
  String title();

  /** The world in a line: what is seen, done and paid. */
  String world();

  /** The way of learning, as it is typed. */
  String agent();

  /** How many times it learns, with seeds that follow one another. */
  int runs();

  /** The first seed. */
  long seed();

  /** Learns once. */
  Learned<A> learn(long seed, Learning.Reporter reporter);

  /** The world of the film. */
  Environment<A> stage();

  /** How the film is taken. */
  Film film();

  /** What is worth knowing of one run beyond its return; for {@code metrics.json}. */
  void tell(Learned<A> run, JsonLine line);

  /** What is worth knowing of all runs, for the summary; returns the sentence for people. */
  String judge(List<Learned<A>> runs, JsonLine line);
}
