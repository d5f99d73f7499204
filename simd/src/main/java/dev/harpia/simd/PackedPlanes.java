package dev.harpia.simd;

import java.util.Arrays;

/**
 * The layout in which convolution kernels read planes: zero-padded, so that a tap of the kernel is
 * a constant offset.
 *
 * <p>With pixels in the lanes there is one image, and a stride falls apart into phases: plane (y
 * mod sy, x mod sx) holds every sy-th row and sx-th column, so that neighbours in the output are
 * neighbours in memory. With images in the lanes, [channel, row, column, image], strides need
 * nothing and no lane is lost on narrow planes.
 */
final class PackedPlanes {
  final int channels;
  final int h;
  final int w;
  final int sy;
  final int sx;
  final int padT;
  final int padL;
  final int rows;
  final int pitch;
  final boolean batch;
  final int element;
  final long phaseBytes;
  final long channelBytes;
  private final int[] phaseIndex;

  /**
   * Lays out planes.
   *
   * @param rows rows kept at a time (of each phase when pixels are in the lanes)
   * @param pitch columns kept (of each phase)
   * @param used which phases are read, index (y mod sy)·sx + x mod sx; ignored with images in the
   *     lanes
   */
  PackedPlanes(
      boolean batch,
      int channels,
      int h,
      int w,
      int sy,
      int sx,
      int padT,
      int padL,
      int rows,
      int pitch,
      boolean[] used) {
    this.batch = batch;
    this.channels = channels;
    this.h = h;
    this.w = w;
    this.sy = sy;
    this.sx = sx;
    this.padT = padT;
    this.padL = padL;
    this.rows = rows;
    this.pitch = pitch;
    this.element = batch ? Vectors.BYTES : 4;
    this.phaseBytes = (long) rows * pitch * element;
    phaseIndex = new int[sy * sx];
    Arrays.fill(phaseIndex, -1);
    int phases = 0;
    for (int p = 0; p < phaseIndex.length; p++) {
      if (!batch && used[p]) {
        phaseIndex[p] = phases++;
      }
    }
    // whole vectors may run over a channel's end, while another thread packs the next one
    int slack = batch ? Vectors.LANES : 1;
    this.channelBytes = phaseBytes * (batch ? 1 : phases) + (long) slack * Vectors.BYTES;
  }

  /**
   * Where channel {@code c} of the tap at row ty, column tx (from the top left of the padding)
   * lies, in bytes.
   */
  long offset(int c, int ty, int tx) {
    if (batch) {
      return c * channelBytes + ((long) ty * pitch + tx) * element;
    }
    int phase = phaseIndex[ty % sy * sx + tx % sx];
    return c * channelBytes + phase * phaseBytes + ((long) (ty / sy) * pitch + tx / sx) * element;
  }

  /** Bytes to provide: the planes, and slack that whole vectors may run into. */
  long bytes() {
    return channels * channelBytes + 2L * Vectors.LANES * Vectors.BYTES;
  }

  /**
   * Packs rows y0 … (of the padded source; a multiple of sy with pixels in the lanes) of all
   * channels, padding included.
   *
   * @param source first plane of the first image
   * @param planeBytes bytes between planes
   * @param imageBytes bytes between images
   * @param images images to put into the lanes, the rest is zero; 1 with pixels in the lanes
   * @param y1 source rows from this one on count as zero
   * @param target first packed channel
   * @param stride bytes between packed channels: {@link #channelBytes} or more
   * @param end the first address after the whole source tensor, which no load may reach
   */
  void pack(
      long source,
      long planeBytes,
      long imageBytes,
      int images,
      int y0,
      int y1,
      long target,
      long stride,
      long end) {
    pack(source, planeBytes, imageBytes, images, y0, y1, target, stride, end, 0, channels);
  }

  /**
   * Packs only channels from {@code first} to before {@code last}: pieces of one call may run in
   * parallel.
   */
  void pack(
      long source,
      long planeBytes,
      long imageBytes,
      int images,
      int y0,
      int y1,
      long target,
      long stride,
      long end,
      int first,
      int last) {
    for (int c = first; c < last; c++) {
      long plane = source + c * planeBytes;
      long to = target + c * stride;
      if (batch) {
        packImages(plane, imageBytes, images, y0 - padT, Math.min(y1, h), to, end);
      } else {
        packPhases(plane, y0, Math.min(y1, h), to);
        PlaneCopies.zero(to + channelBytes - Vectors.BYTES, Vectors.LANES);
      }
    }
  }

  /** Packs one channel of an image without phases, rows y0 … y1 − 1; later rows are zero. */
  void packChannel(long plane, int y0, int y1, long to) {
    packPhases(plane, y0, Math.min(y1, h), to);
  }

  private void packPhases(long plane, int y0, int y1, long to) {
    for (int py = 0; py < sy; py++) {
      for (int px = 0; px < sx; px++) {
        int index = phaseIndex[py * sx + px];
        if (index >= 0) {
          packPhase(plane, y0 + py - padT, y1, px - padL, to + index * phaseBytes);
        }
      }
    }
  }

  /**
   * Row q holds source row first + q·sy, column m source column left + m·sx, zero where the source
   * has none.
   */
  private void packPhase(long plane, int first, int y1, int left, long to) {
    int zeros = Math.min(pitch, left >= 0 ? 0 : (sx - 1 - left) / sx);
    int column = left + zeros * sx;
    int count = column >= w ? 0 : Math.min(pitch - zeros, (w - 1 - column) / sx + 1);
    for (int q = 0; q < rows; q++) {
      int y = first + q * sy;
      long row = to + 4L * q * pitch;
      if (y < 0 || y >= y1 || count == 0) {
        PlaneCopies.zero(row, pitch);
        continue;
      }
      long from = plane + 4L * ((long) y * w + column);
      if (zeros > 0) {
        PlaneCopies.zero(row, zeros);
      }
      if (sx == 1) {
        PlaneCopies.copy(from, row + 4L * zeros, count);
      } else {
        PlaneCopies.gather(from, 4L * sx, row + 4L * zeros, count);
      }
      if (zeros + count < pitch) {
        PlaneCopies.zero(row + 4L * (zeros + count), pitch - zeros - count);
      }
    }
  }

  private void packImages(
      long plane, long imageBytes, int images, int first, int y1, long to, long end) {
    int skip = Math.min(pitch, padL);
    int count = Math.min(pitch - skip, w);
    for (int q = 0; q < rows; q++) {
      int y = first + q;
      long row = to + (long) q * pitch * element;
      if (y < 0 || y >= y1) {
        PlaneCopies.zero(row, pitch * Vectors.LANES);
        continue;
      }
      if (skip > 0) {
        PlaneCopies.zero(row, skip * Vectors.LANES);
      }
      PlaneTransposes.in(
          plane + 4L * y * w, imageBytes, images, row + (long) skip * element, count, end);
      if (skip + count < pitch) {
        PlaneCopies.zero(
            row + (long) (skip + count) * element, (pitch - skip - count) * Vectors.LANES);
      }
    }
  }
}
