package dev.harpia.nn.data;

import dev.harpia.tensor.Rng;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a data set in batches, the next one in the background while the last is worked on.
 *
 * <pre>{@code
 * for (Batch batch : DataLoader.of(dataset, 64).shuffle(1)) {
 *   optimizer.step(Loss.crossEntropy(model.forward(batch.x()), batch.y()));
 * }
 * }</pre>
 *
 * <p>Each {@code for} is one epoch, in an order of its own if the loader shuffles: the order
 * follows from the seed and the epoch's number alone. A loader has two batch buffers: a batch is
 * valid until the next is taken, and a new iteration ends the one before it. For one thread at a
 * time.
 */
public final class DataLoader implements Iterable<Batch> {
  private final Dataset dataset;
  private final int batch;
  private final int[] order;
  private boolean shuffled;
  private long seed;
  private boolean dropLast;
  private BatchBuffer @Nullable [] buffers;
  private @Nullable Pass pass;
  private long epoch = -1;
  private int taken;
  private boolean resumed;

  private DataLoader(Dataset dataset, int batch) {
    this.dataset = dataset;
    this.batch = batch;
    order = new int[dataset.size()];
  }

  /** A loader that reads in order, with a smaller batch at the end if the size does not divide. */
  public static DataLoader of(Dataset dataset, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("loader: batch " + batch + " must be at least 1");
    }
    return new DataLoader(dataset, Math.min(batch, Math.max(1, dataset.size())));
  }

  /** Reads in random order, another one each epoch. Returns this loader. */
  public DataLoader shuffle(long seed) {
    this.shuffled = true;
    this.seed = seed;
    return this;
  }

  /** Leaves out the last batch of an epoch if it is not full. Returns this loader. */
  public DataLoader dropLast() {
    dropLast = true;
    return this;
  }

  /** What is read. */
  public Dataset dataset() {
    return dataset;
  }

  /** The size of the batches, but perhaps the last one of an epoch. */
  public int batchSize() {
    return batch;
  }

  /** Batches in an epoch. */
  public int batches() {
    return dropLast ? dataset.size() / batch : (int) ((dataset.size() + batch - 1L) / batch);
  }

  /**
   * A place in the order.
   *
   * @param epoch iterations begun before, from 0
   * @param batch batches taken since the epoch began
   */
  public record Position(long epoch, int batch) {}

  /** The place behind the batch that was taken last. */
  public Position position() {
    return new Position(Math.max(0, epoch), taken);
  }

  /** The place where the next iteration begins. */
  public Position next() {
    return resumed ? position() : new Position(epoch + 1, 0);
  }

  /** Makes the next iteration go on from a place: with the same data and seed, the same batches. */
  public void resumeAt(Position position) {
    if (position.epoch() < 0 || position.batch() < 0 || position.batch() > batches()) {
      throw new IllegalArgumentException(
          "loader: "
              + position
              + ": the epoch must be at least 0, the batch from 0 to "
              + batches());
    }
    end();
    epoch = position.epoch();
    taken = position.batch();
    resumed = true;
  }

  private void end() {
    if (pass != null) {
      pass.end();
      pass = null;
    }
  }

  /** Begins an epoch. */
  @Override
  public Iterator<Batch> iterator() {
    end();
    if (!resumed) {
      epoch++;
      taken = 0;
    }
    resumed = false;
    sort();
    if (buffers == null) {
      buffers =
          new BatchBuffer[] {new BatchBuffer(dataset, batch), new BatchBuffer(dataset, batch)};
    }
    pass = new Pass(buffers[0], buffers[1]);
    return pass;
  }

  private void sort() {
    if (shuffled) {
      int[] permutation = new Rng(seed + 0x5851F42D4C957F2DL * epoch).permutation(order.length);
      System.arraycopy(permutation, 0, order, 0, order.length);
    } else {
      Arrays.setAll(order, i -> i);
    }
  }

  /** One epoch: while one buffer is worked on, the other is filled. */
  private final class Pass implements Iterator<Batch> {
    private final Prefetcher prefetcher = new Prefetcher(order, epoch);
    private final int last = batches();
    private BatchBuffer filling;
    private BatchBuffer lent;
    private boolean ended;

    Pass(BatchBuffer filling, BatchBuffer lent) {
      this.filling = filling;
      this.lent = lent;
      if (taken < last) {
        fill(taken);
      }
    }

    private void fill(int i) {
      int to = (int) Math.min(order.length, (i + 1L) * batch);
      prefetcher.request(filling, i * batch, to);
    }

    @Override
    public boolean hasNext() {
      return !ended && taken < last;
    }

    @Override
    public Batch next() {
      if (ended) {
        throw new IllegalStateException(
            "loader: another iteration has begun, which ended this one; use two loaders");
      }
      if (taken >= last) {
        throw new NoSuchElementException("loader: the epoch's " + last + " batches were all taken");
      }
      prefetcher.await();
      BatchBuffer full = filling;
      filling = lent;
      lent = full;
      taken++;
      if (taken < last) {
        fill(taken);
      } else {
        prefetcher.end();
      }
      return full.batch();
    }

    void end() {
      ended = true;
      prefetcher.end();
    }
  }

  /** What fixes the batches: the size of the set, the batch, the order. */
  @Override
  public String toString() {
    return "%d examples, batch %d%s, %s"
        .formatted(
            order.length,
            batch,
            dropLast ? ", last dropped" : "",
            shuffled ? "shuffled by " + seed : "in order");
  }
}
