package dev.harpia.models.faces;

import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.data.Idx;
import dev.harpia.nn.data.ImageFolder;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.nn.data.TensorDataset;
import dev.harpia.tensor.Rng;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Photographs of faces, from a directory with {@code faces/GROUP/…} and {@code non-faces/ANY/…}, or
 * with the public collections that the course's lab stands for: {@code faces-utk64} (UTKFace by
 * race), {@code faces-cbcl24} (grey faces and non-faces), {@code cifar10-subset} (non-faces).
 */
final class FaceFolders {
  private static final List<String> RACES = List.of("white", "black", "asian", "indian", "other");
  private static final double TEST = 0.2;

  /** Of every group but the first, so many of a hundred training faces are kept. */
  private static final double KEPT = 0.1;

  private static final int GREY = 300; // of CBCL's faces and non-faces each
  private static final int CHUNK = 256;

  private FaceFolders() {}

  /** Reads a directory. */
  static FaceData read(Path directory, long seed) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(directory.toString(), null, "no such directory");
    }
    Rng rng = new Rng(seed);
    if (Files.isDirectory(directory.resolve("faces"))) {
      return own(directory, rng);
    }
    Path utk = directory.resolve("faces-utk64/utkface-64x64.zip");
    Path cifar = directory.resolve("cifar10-subset/cifar10-jpg-6000.zip");
    if (!Files.exists(utk) || !Files.exists(cifar)) {
      throw new NoSuchFileException(
          directory.toString(),
          null,
          "found neither faces and non-faces nor faces-utk64 and cifar10-subset below it");
    }
    return collections(directory, utk, cifar, rng);
  }

  /** Faces by group, non-faces by whatever; a fifth of each is kept for testing. */
  private static FaceData own(Path directory, Rng rng) throws IOException {
    ImageFolder faces = folder(directory.resolve("faces"));
    Path rest = directory.resolve("non-faces");
    if (!Files.isDirectory(rest)) {
      throw new NoSuchFileException(
          rest.toString(), null, "faces alone are one class; a classifier takes non-faces too");
    }
    FaceSet all = pictures(faces, true);
    FaceSet others = pictures(folder(rest), false);
    FaceSet[] a = split(all, rng);
    FaceSet[] b = split(others, rng);
    return FaceData.of(directory.toString(), faces.classes(), a[0], b[0], a[1], b[1]);
  }

  private static FaceData collections(Path directory, Path utk, Path cifar, Rng rng)
      throws IOException {
    List<FaceSet> train = new ArrayList<>();
    List<FaceSet> test = new ArrayList<>();
    try (FileSystem zip = FileSystems.newFileSystem(utk)) {
      for (String gender : List.of("females", "males")) {
        ImageFolder folder = folder(zip.getPath("/", gender));
        FaceSet set = renamed(pictures(folder, true), folder.classes());
        FaceSet[] parts = split(set, rng);
        train.add(biased(parts[0], rng));
        test.add(parts[1]);
      }
    }
    List<FaceSet> others = new ArrayList<>();
    FaceSet testOthers;
    try (FileSystem zip = FileSystems.newFileSystem(cifar)) {
      others.add(pictures(folder(zip.getPath("/train")), false));
      testOthers = pictures(folder(zip.getPath("/test")), false);
    }
    Path cbcl = directory.resolve("faces-cbcl24");
    if (Files.isDirectory(cbcl)) {
      LabelledImages grey =
          Idx.read(
              cbcl.resolve("cbcl-images-idx3-ubyte.gz"), cbcl.resolve("cbcl-labels-idx1-ubyte.gz"));
      train.add(grey(grey, 1, rng));
      others.add(grey(grey, 0, rng));
    }
    return FaceData.of(
        directory.toString(), RACES, joined(train), joined(others), joined(test), testOthers);
  }

  /** The course's twenty test faces by its four groups; nothing where they are not there. */
  static Optional<CourseFaces> course(Path directory) throws IOException {
    Path faces = directory.resolve("mit-6s191/test-faces");
    if (!Files.isDirectory(faces)) {
      return Optional.empty();
    }
    ImageFolder folder = folder(faces);
    return Optional.of(new CourseFaces(folder.classes(), pictures(folder, true)));
  }

  /** Test faces and the names of their groups. */
  record CourseFaces(List<String> groups, FaceSet faces) {}

  private static ImageFolder folder(Path directory) throws IOException {
    return new ImageFolder(directory, 3, FaceSet.SIDE, FaceSet.SIDE);
  }

  /** All pictures of a folder, a part at a time: as floats they are large. */
  private static FaceSet pictures(Dataset folder, boolean grouped) throws IOException {
    int n = folder.size();
    byte[] pixels = new byte[Math.multiplyExact(n, FaceSet.SIZE)];
    int[] groups = new int[n];
    for (int from = 0; from < n; from += CHUNK) {
      int[] part = IntStream.range(from, Math.min(n, from + CHUNK)).toArray();
      TensorDataset loaded = folder.subset(part).load();
      float[] x = loaded.inputs().toArray();
      for (int i = 0; i < x.length; i++) {
        pixels[from * FaceSet.SIZE + i] = (byte) Math.round(255 * x[i]);
      }
      System.arraycopy(loaded.targets().toIntArray(), 0, groups, from, part.length);
    }
    if (!grouped) {
      Arrays.fill(groups, FaceSet.NONE);
    }
    return new FaceSet(n, pixels, groups);
  }

  private static FaceSet renamed(FaceSet set, List<String> folders) {
    int[] groups = set.groups().clone();
    for (int i = 0; i < groups.length; i++) {
      groups[i] = RACES.indexOf(folders.get(groups[i]));
    }
    return new FaceSet(set.count(), set.pixels(), groups);
  }

  private static FaceSet[] split(FaceSet set, Rng rng) {
    int[] order = rng.permutation(set.count());
    int n = (int) Math.round(TEST * order.length);
    return new FaceSet[] {
      chosen(set, Arrays.copyOfRange(order, n, order.length)), chosen(set, Arrays.copyOf(order, n))
    };
  }

  private static FaceSet biased(FaceSet set, Rng rng) {
    int[] kept =
        IntStream.range(0, set.count())
            .filter(i -> set.groups()[i] == 0 || rng.uniform() < KEPT)
            .toArray();
    return chosen(set, kept);
  }

  private static FaceSet chosen(FaceSet set, int[] indices) {
    byte[] pixels = new byte[indices.length * FaceSet.SIZE];
    int[] groups = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int from = indices[i] * FaceSet.SIZE;
      System.arraycopy(set.pixels(), from, pixels, i * FaceSet.SIZE, FaceSet.SIZE);
      groups[i] = set.groups()[indices[i]];
    }
    return new FaceSet(indices.length, pixels, groups);
  }

  private static FaceSet joined(List<FaceSet> sets) {
    int n = sets.stream().mapToInt(FaceSet::count).sum();
    byte[] pixels = new byte[n * FaceSet.SIZE];
    int[] groups = new int[n];
    int at = 0;
    for (FaceSet set : sets) {
      System.arraycopy(set.pixels(), 0, pixels, at * FaceSet.SIZE, set.pixels().length);
      System.arraycopy(set.groups(), 0, groups, at, set.count());
      at += set.count();
    }
    return new FaceSet(n, pixels, groups);
  }

  /** Grey pictures of one label, enlarged to colour pictures of our size, linearly. */
  private static FaceSet grey(LabelledImages images, int label, Rng rng) {
    int[] all = IntStream.range(0, images.count()).filter(i -> images.label(i) == label).toArray();
    int[] order = rng.permutation(all.length);
    int n = Math.min(GREY, all.length);
    byte[] pixels = new byte[n * FaceSet.SIZE];
    int plane = FaceSet.SIDE * FaceSet.SIDE;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < plane; k++) {
        byte value = (byte) sample(images, all[order[i]], k / FaceSet.SIDE, k % FaceSet.SIDE);
        for (int c = 0; c < 3; c++) {
          pixels[i * FaceSet.SIZE + c * plane + k] = value;
        }
      }
    }
    int[] groups = new int[n];
    Arrays.fill(groups, FaceSet.NONE);
    return new FaceSet(n, pixels, groups);
  }

  private static long sample(LabelledImages images, int index, int row, int column) {
    double y =
        Math.clamp((row + 0.5) * images.height() / FaceSet.SIDE - 0.5, 0, images.height() - 1);
    double x =
        Math.clamp((column + 0.5) * images.width() / FaceSet.SIDE - 0.5, 0, images.width() - 1);
    int r = Math.min((int) y, images.height() - 2);
    int c = Math.min((int) x, images.width() - 2);
    double v = y - r;
    double u = x - c;
    return Math.round(
        (1 - v) * ((1 - u) * images.pixel(index, r, c) + u * images.pixel(index, r, c + 1))
            + v
                * ((1 - u) * images.pixel(index, r + 1, c)
                    + u * images.pixel(index, r + 1, c + 1)));
  }
}
