package dev.harpia.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.ShapeException;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataLoaderTest {
  /** Example i has input (i, 10 i) and class i. */
  private static Dataset numbered(int n) {
    float[][] x = new float[n][];
    for (int i = 0; i < n; i++) {
      x[i] = new float[] {i, 10f * i};
    }
    Tensor inputs = n == 0 ? Tensor.zeros(0, 2) : Tensor.of(x);
    return new TensorDataset(inputs, Tensor.of(IntStream.range(0, n).toArray()));
  }

  private static List<Integer> read(DataLoader loader) {
    List<Integer> seen = new ArrayList<>();
    for (Batch b : loader) {
      assertThat(b.y().toIntArray()).hasSize(b.size());
      for (int i = 0; i < b.size(); i++) {
        int c = b.y().getInt(i);
        assertThat(b.x().get(i, 0)).isEqualTo(c);
        assertThat(b.x().get(i, 1)).isEqualTo(10f * c);
        seen.add(c);
      }
    }
    return seen;
  }

  @Test
  void everyExampleComesOnceInOrder() {
    for (int n : new int[] {0, 1, 7, 8, 9, 64}) {
      DataLoader loader = DataLoader.of(numbered(n), 4);
      assertThat(loader.batches()).isEqualTo((n + 3) / 4);
      List<Integer> all = IntStream.range(0, n).boxed().toList();
      assertThat(read(loader)).isEqualTo(all);
      assertThat(read(loader)).isEqualTo(all);
    }
  }

  @Test
  void shufflingIsAnotherOrderEachEpochAndTheSameForOneSeed() {
    DataLoader a = DataLoader.of(numbered(50), 7).shuffle(3);
    DataLoader b = DataLoader.of(numbered(50), 7).shuffle(3);
    List<Integer> first = read(a);
    List<Integer> second = read(a);
    assertThat(first).doesNotHaveDuplicates().hasSize(50).isNotEqualTo(second);
    assertThat(second).doesNotHaveDuplicates().hasSize(50);
    assertThat(read(b)).isEqualTo(first);
    assertThat(read(b)).isEqualTo(second);
    assertThat(read(DataLoader.of(numbered(50), 7).shuffle(4))).isNotEqualTo(first);
  }

  @Test
  void theLastPartialBatchCanBeDropped() {
    assertThat(read(DataLoader.of(numbered(11), 4).dropLast())).hasSize(8);
    assertThat(DataLoader.of(numbered(3), 4).dropLast().batches()).isEqualTo(1);
  }

  @Test
  void anOrderIsResumedInTheMiddle() {
    DataLoader whole = DataLoader.of(numbered(50), 7).shuffle(3);
    read(whole);
    List<Integer> second = read(whole);
    List<Integer> third = read(whole);
    DataLoader begun = DataLoader.of(numbered(50), 7).shuffle(3);
    read(begun);
    Iterator<Batch> it = begun.iterator();
    it.next();
    it.next();
    DataLoader.Position at = begun.position();
    assertThat(at).isEqualTo(new DataLoader.Position(1, 2));
    DataLoader resumed = DataLoader.of(numbered(50), 7).shuffle(3);
    resumed.resumeAt(at);
    assertThat(read(resumed)).isEqualTo(second.subList(14, 50));
    assertThat(read(resumed)).isEqualTo(third);
    assertThatThrownBy(() -> resumed.resumeAt(new DataLoader.Position(0, 9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the batch from 0 to 8");
  }

  @Test
  void twoBuffersServeAllBatches() {
    DataLoader loader = DataLoader.of(numbered(64), 4);
    List<Tensor> seen = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      for (Batch b : loader) {
        if (seen.stream().noneMatch(t -> t.address() == b.x().address())) {
          seen.add(b.x());
        }
      }
    }
    assertThat(seen).hasSize(2);
  }

  @Test
  void batchesOutliveScopes() {
    Dataset data = numbered(12);
    Iterator<Batch> it;
    try (var _ = Scope.open()) {
      it = DataLoader.of(data, 4).iterator();
      it.next();
    }
    assertThat(it.next().y().toIntArray()).containsExactly(4, 5, 6, 7);
  }

  @Test
  void whatADatasetThrowsReachesTheReaderAndEndsTheThread() throws InterruptedException {
    Dataset broken = broken(new IOException("disk on fire"));
    Iterator<Batch> it = DataLoader.of(broken, 2).iterator();
    it.next();
    assertThatThrownBy(it::next)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("disk on fire");
    assertThatThrownBy(it::next).hasMessageContaining("disk on fire");
    Iterator<Batch> other = DataLoader.of(broken(new AssertionError("boom")), 2).iterator();
    other.next();
    assertThatThrownBy(other::next).isInstanceOf(AssertionError.class).hasMessage("boom");
    assertNoThreadRemains();
  }

  private static Dataset broken(Throwable fault) {
    return new Dataset() {
      @Override
      public int size() {
        return 6;
      }

      @Override
      public Shape inputShape() {
        return Shape.of(2);
      }

      @Override
      public Shape targetShape() {
        return Shape.SCALAR;
      }

      @Override
      public DType targetType() {
        return DType.I32;
      }

      @Override
      public void get(int index, Example out) throws IOException {
        if (index == 3) {
          switch (fault) {
            case IOException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(fault);
          }
        }
        out.y().setInt(0, index);
      }
    };
  }

  @Test
  void anAbandonedIterationLeavesNoThread() throws InterruptedException {
    for (Batch b : DataLoader.of(numbered(100), 4)) {
      assertThat(b.size()).isEqualTo(4);
      break;
    }
    read(DataLoader.of(numbered(100), 4));
    assertNoThreadRemains();
  }

  private static void assertNoThreadRemains() throws InterruptedException {
    for (int i = 0; i < 200 && threads() > 0; i++) {
      Thread.sleep(50);
    }
    assertThat(threads()).as("loader threads").isZero();
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().equals("harpia-loader"))
        .count();
  }

  @Test
  void aReaderThatPausesForLongGetsAllBatches() throws InterruptedException {
    List<Integer> seen = new ArrayList<>();
    for (Batch b : DataLoader.of(numbered(6), 2)) {
      seen.add(b.y().getInt(0));
      Thread.sleep(700); // longer than the idle thread waits
    }
    assertThat(seen).containsExactly(0, 2, 4);
  }

  @Test
  void aNewIterationEndsTheOneBefore() {
    DataLoader loader = DataLoader.of(numbered(8), 2);
    Iterator<Batch> first = loader.iterator();
    first.next();
    Iterator<Batch> second = loader.iterator();
    assertThatThrownBy(first::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use two loaders");
    assertThat(first.hasNext()).isFalse();
    while (second.hasNext()) {
      second.next();
    }
    assertThatThrownBy(second::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("4 batches");
  }

  @Test
  void splitsCoverTheSetAndDoNotOverlap() {
    Dataset.Split split = numbered(10).split(0.7, 5);
    assertThat(split.first().size()).isEqualTo(7);
    List<Integer> both = new ArrayList<>(read(DataLoader.of(split.first(), 3)));
    both.addAll(read(DataLoader.of(split.second(), 3)));
    assertThat(both).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(both).isNotEqualTo(IntStream.range(0, 10).boxed().toList());
    assertThatThrownBy(() -> numbered(3).split(1.5, 0)).hasMessageContaining("1.5");
    assertThat(read(DataLoader.of(numbered(5).first(2), 8))).containsExactly(0, 1);
    assertThatThrownBy(() -> numbered(3).subset(1, 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("subset: example 3: the data set has 3");
  }

  @Test
  void changesAreSeededByEpochAndExample() {
    Dataset noisy = numbered(9).map(e -> e.x().set(0, e.rng(1).uniform()));
    DataLoader inOrder = DataLoader.of(noisy, 3);
    DataLoader shuffled = DataLoader.of(noisy, 2).shuffle(8);
    float[][] a = draws(inOrder);
    float[][] b = draws(shuffled);
    assertThat(a[0]).isEqualTo(b[0]).isNotEqualTo(a[1]);
    assertThat(a[1]).isEqualTo(b[1]);
  }

  private static float[][] draws(DataLoader loader) {
    float[][] draws = new float[2][9];
    for (float[] epoch : draws) {
      for (Batch b : loader) {
        for (int i = 0; i < b.size(); i++) {
          epoch[b.y().getInt(i)] = b.x().get(i, 0);
        }
      }
    }
    return draws;
  }

  @Test
  void picturesBecomeFloats() {
    LabelledImages images =
        new LabelledImages(
            2, 1, 2, new byte[] {0, (byte) 255, 51, 102}, new byte[] {3, (byte) 200});
    Batch plain = DataLoader.of(images.dataset(), 2).iterator().next();
    assertThat(plain.x().shape()).isEqualTo(Shape.of(2, 1, 1, 2));
    assertThat(plain.x().toArray()).containsExactly(0, 1, 0.2f, 0.4f);
    assertThat(plain.y().toIntArray()).containsExactly(3, 200);
    Batch scaled = DataLoader.of(images.dataset(0.5f, 0.5f), 2).iterator().next();
    assertThat(scaled.x().toArray()).containsExactly(-1, 1, (0.2f - 0.5f) / 0.5f, -0.19999999f);
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> DataLoader.of(numbered(3), 0))
        .hasMessage("loader: batch 0 must be at least 1");
    assertThatThrownBy(() -> new TensorDataset(Tensor.zeros(3, 2), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("same number of rows");
    Dataset typed = numbered(2).map(e -> e.y().set(0, 1));
    assertThatThrownBy(() -> DataLoader.of(typed, 1).iterator().next())
        .hasMessageContaining("holds I32; it was used as F32");
  }
}
