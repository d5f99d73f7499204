package dev.harpia.simd;

import static dev.harpia.simd.Vectors.LANES;

/**
 * Permutes the axes of a tensor. Axes that stay neighbours are one axis; what is left is row
 * copies, or transposes of the two axes that are innermost before and after.
 */
public final class Permute {
  /** Axes that a tensor may have here. */
  public static final int MAX_RANK = 8;

  /** Below this size of either transposed axis single elements are moved. */
  private static final long NARROW = 4;

  private static final Job.Body ROWS =
      (job, from, to) -> {
        int last = (int) job.m - 1;
        long n = job.sizes[last];
        long count = last == 0 ? 1 : job.sizes[last - 1];
        long step = last == 0 ? 0 : job.strides[last - 1];
        for (long i = from; i < to; i++) {
          long x = job.b + 4 * source(job, i, last - 1);
          long y = job.a + 4 * i * count * n;
          for (long r = 0; r < count; r++) {
            RowMaps.copy(y + 4 * r * n, x + 4 * r * step, n, job.add);
          }
        }
      };
  private static final Job.Body PLANES =
      (job, from, to) -> {
        Scratch block = Scratch.acquire(Transpose.scratchBytes());
        long scratch = block.address();
        int last = (int) job.m - 1;
        int inner = (int) job.k;
        long rows = job.sizes[last];
        long rowStride = 4 * job.strides[last];
        long columnStride = 4 * job.outStrides[inner];
        long strips = (job.sizes[inner] + LANES - 1) / LANES;
        for (long i = from; i < to; i++) {
          long column = i % strips * LANES;
          long columns = Math.min(LANES, job.sizes[inner] - column);
          long rest = i / strips;
          long x = job.b + 4 * column;
          long y = job.a + column * columnStride;
          for (int axis = last - 1; axis >= 0; axis--) {
            if (axis != inner) {
              long at = rest % job.sizes[axis];
              rest /= job.sizes[axis];
              x += 4 * at * job.strides[axis];
              y += 4 * at * job.outStrides[axis];
            }
          }
          if (rows < NARROW || columns < NARROW) {
            elements(y, columnStride, x, rowStride, rows, columns, job.add);
          } else {
            Transpose.matrix(y, columnStride, x, rowStride, rows, columns, job.add, scratch);
          }
        }
        block.keep();
        block.release();
      };

  private Permute() {}

  /**
   * y = [y +] x with the axes in the order {@code order}: axis k of y is axis {@code order[k]} of
   * x.
   *
   * @param dims the shape of x, at most {@link #MAX_RANK} axes
   */
  public static void run(long y, long x, int[] dims, int[] order, boolean add) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.add = add;
    collapse(job, dims, order);
    collapsed(job, y, x, add);
  }

  /** y [axis, outer, inner] = [y +] x [outer, axis, inner]. */
  static void exchange(long y, long x, long outer, long axis, long inner, boolean add) {
    Job job = Job.take();
    job.a = y;
    job.b = x;
    job.add = add;
    job.m = 0;
    append(job, axis, inner);
    append(job, outer, axis * inner);
    append(job, inner, 1);
    collapsed(job, y, x, add);
  }

  private static void collapsed(Job job, long y, long x, boolean add) {
    int rank = (int) job.m;
    long size = 1;
    int inner = -1;
    for (int k = rank - 1; k >= 0; k--) {
      job.outStrides[k] = size;
      size *= job.sizes[k];
      inner = job.strides[k] == 1 ? k : inner;
    }
    if (size == 0) {
      job.free();
      return;
    }
    if (rank == 0) {
      RowMaps.copy(y, x, 1, add);
    } else if (rank == 1) {
      Copies.block(y, size, x, size, 1, size, add);
    } else if (inner == rank - 1) {
      long group = job.sizes[rank - 1] * job.sizes[rank - 2];
      job.over(size / group, group, ROWS);
    } else {
      job.k = inner;
      long strips = (job.sizes[inner] + LANES - 1) / LANES;
      long planes = size / (job.sizes[inner] * job.sizes[rank - 1]);
      job.over(planes * strips, 2 * LANES * job.sizes[rank - 1], PLANES);
    }
    job.free();
  }

  /**
   * Sizes and strides in x of y's axes, without axes of one element, and with neighbours of x
   * joined; their number in m.
   */
  private static void collapse(Job job, int[] dims, int[] order) {
    job.m = 0;
    for (int axis : order) {
      long stride = 1;
      for (int k = axis + 1; k < dims.length; k++) {
        stride *= dims[k];
      }
      append(job, dims[axis], stride);
    }
  }

  /** Adds an axis of y, of a size and a stride in x, to those in the job. */
  private static void append(Job job, long size, long stride) {
    int rank = (int) job.m;
    if (size == 1) {
      return;
    }
    if (rank > 0 && job.strides[rank - 1] == stride * size) {
      job.sizes[rank - 1] *= size;
      job.strides[rank - 1] = stride;
    } else {
      job.sizes[rank] = size;
      job.strides[rank] = stride;
      job.m = rank + 1L;
    }
  }

  /** Where in x the block of y's axes below {@code axes} starts, by the number of the block. */
  private static long source(Job job, long block, int axes) {
    long at = 0;
    for (int axis = axes - 1; axis >= 0; axis--) {
      at += block % job.sizes[axis] * job.strides[axis];
      block /= job.sizes[axis];
    }
    return at;
  }

  private static void elements(
      long y, long yStride, long x, long xStride, long rows, long columns, boolean add) {
    for (long i = 0; i < rows * columns; i++) {
      long r = i % rows;
      long c = i / rows;
      long at = y + c * yStride + 4 * r;
      float v = Vectors.get(x + r * xStride + 4 * c);
      Vectors.set(at, add ? Vectors.get(at) + v : v);
    }
  }
}
