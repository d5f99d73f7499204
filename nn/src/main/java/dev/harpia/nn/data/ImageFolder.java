package dev.harpia.nn.data;

import dev.harpia.tensor.DType;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Pictures in one directory for each class: {@code cats/1.png}, {@code dogs/a.jpg}. Classes and
 * files are in the order of their names. A picture is decoded each time it is read, in the loader's
 * thread; {@link Dataset#load} keeps them all in memory.
 *
 * <p>Shapes: inputs [C, H, W] from 0 to 1; targets are classes.
 */
public final class ImageFolder implements Dataset {
  private final Shape shape;
  private final List<String> classes = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();

  /**
   * The pictures below a directory, each brought to a shape.
   *
   * @param channels 1 for grey, 3 for colour
   */
  public ImageFolder(Path directory, int channels, int height, int width) throws IOException {
    if (channels != 1 && channels != 3 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "pictures: [%d, %d, %d]: channels must be 1 or 3, height and width at least 1"
              .formatted(channels, height, width));
    }
    shape = Shape.of(channels, height, width);
    if (!Files.isDirectory(directory)) {
      throw Files.exists(directory)
          ? new NotDirectoryException(directory + ": not a directory")
          : new NoSuchFileException(directory.toString(), null, "no such directory");
    }
    for (Path folder : sorted(directory)) {
      if (Files.isDirectory(folder)) {
        for (Path file : sorted(folder)) {
          if (Files.isRegularFile(file) && ImageFile.isPicture(file)) {
            files.add(file);
            labels.add(classes.size());
          }
        }
        classes.add(folder.getFileName().toString());
      }
    }
    if (files.isEmpty()) {
      throw new NoSuchFileException(
          directory.toString(),
          null,
          "no pictures (png, jpg, pgm, ppm) in directories below it, one for each class");
    }
  }

  private static List<Path> sorted(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(p -> !p.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }

  /** The names of the classes, in the order of their numbers. */
  public List<String> classes() {
    return List.copyOf(classes);
  }

  /** Where picture {@code i} is. */
  public Path file(int i) {
    return files.get(i);
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public Shape inputShape() {
    return shape;
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
    ImageFile image = ImageFile.read(files.get(Objects.checkIndex(index, files.size())));
    out.x().copyFrom(image.channels(shape.dim(0)).resized(shape.dim(1), shape.dim(2)).pixels(), 0);
    out.y().setInt(0, labels.get(index));
  }
}
