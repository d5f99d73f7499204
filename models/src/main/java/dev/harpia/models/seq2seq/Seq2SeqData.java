package dev.harpia.models.seq2seq;

import dev.harpia.models.seq2seq.Seq2SeqTask.Pair;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pairs of a task as tokens; those held out never occur in training. */
final class Seq2SeqData {
  private final Seq2SeqTask task;
  private final Map<String, Integer> source = new HashMap<>();
  private final List<String> target = new ArrayList<>(List.of("", "", ""));
  private final Map<String, Integer> targetIds = new HashMap<>();
  private final Set<Pair> held = new LinkedHashSet<>();

  /** Inputs, what the decoder sees, and what it is to write, each [N, ·]. */
  record Batch(Tensor source, Tensor seen, Tensor target) {}

  Seq2SeqData(Seq2SeqTask task, int heldOut, long seed) {
    this.task = task;
    task.sourceWords().forEach(w -> source.put(w, source.size() + 1));
    for (String w : task.targetWords()) {
      targetIds.put(w, target.size());
      target.add(w);
    }
    Rng rng = new Rng(~seed);
    while (held.size() < heldOut) {
      held.add(task.draw(rng));
    }
  }

  int sourceSize() {
    return source.size() + 1;
  }

  int targetSize() {
    return target.size();
  }

  List<Pair> held() {
    return List.copyOf(held);
  }

  List<Pair> draw(int count, Rng rng) {
    List<Pair> pairs = new ArrayList<>();
    while (pairs.size() < count) {
      Pair p = task.draw(rng);
      if (!held.contains(p)) {
        pairs.add(p);
      }
    }
    return pairs;
  }

  Batch batch(List<Pair> pairs) {
    int s = pairs.stream().mapToInt(p -> p.source().size()).max().orElse(1);
    int t = pairs.stream().mapToInt(p -> p.target().size() + 1).max().orElse(1);
    int n = pairs.size();
    int[] from = new int[n * s];
    int[] seen = new int[n * t];
    int[] to = new int[n * t];
    for (int i = 0; i < n; i++) {
      Pair p = pairs.get(i);
      for (int k = 0; k < p.source().size(); k++) {
        from[i * s + k] = source.getOrDefault(p.source().get(k), Seq2Seq.PAD);
      }
      seen[i * t] = Seq2Seq.BEGIN;
      for (int k = 0; k < p.target().size(); k++) {
        int id = targetIds.getOrDefault(p.target().get(k), Seq2Seq.PAD);
        to[i * t + k] = id;
        seen[i * t + k + 1] = id;
      }
      to[i * t + p.target().size()] = Seq2Seq.END;
    }
    return new Batch(
        Tensor.of(from, Shape.of(n, s)),
        Tensor.of(seen, Shape.of(n, t)),
        Tensor.of(to, Shape.of(n, t)));
  }

  List<String> words(int... ids) {
    List<String> words = new ArrayList<>();
    for (int id : ids) {
      words.add(target.get(id));
    }
    return words;
  }
}
