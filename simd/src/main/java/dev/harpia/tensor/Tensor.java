package dev.harpia.tensor;

import dev.harpia.simd.Vectors;
import dev.harpia.tensor.op.SingleOutput;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A dense, row-major array of floats or ints outside the Java heap, and how it was computed.
 *
 * <p>Operations return new tensors and never change their operands; broadcasting follows NumPy.
 * {@code reshape} and slices of the leading axis share memory, everything else copies. Memory
 * belongs to the innermost open {@link Scope} of the thread, or to the garbage collector where
 * there is none.
 */
public final class Tensor extends TensorMath {
  private final Shape shape;
  private final DType type;
  private final Storage storage;
  private final long address;
  private @Nullable Node node;
  private short output;
  private boolean symbolic;

  Tensor(Shape shape, DType type, Storage storage, long address) {
    this.shape = shape;
    this.type = type;
    this.storage = storage;
    this.address = address;
  }

  // ---- creation

  /** Zeros. */
  public static Tensor zeros(int... dims) {
    return zeros(Shape.of(dims));
  }

  /** Zeros. */
  public static Tensor zeros(Shape shape) {
    return zeros(shape, DType.F32);
  }

  /** Zeros of a type. */
  public static Tensor zeros(Shape shape, DType type) {
    Tensor t = empty(shape, type);
    if (t.storage.lifetime != null) { // what the garbage collector owns is zero from the start
      Vectors.zero(t.address, t.bytes());
    }
    return t;
  }

  /** Ones. */
  public static Tensor ones(int... dims) {
    return full(1f, dims);
  }

  /** The same value everywhere. */
  public static Tensor full(float value, int... dims) {
    Tensor t = empty(Shape.of(dims), DType.F32);
    t.memory().fill(value);
    return t;
  }

  /** A tensor of undefined content, for kernels that write all of it. */
  public static Tensor empty(Shape shape, DType type) {
    Storage s = Scope.allocate(shape.size());
    return new Tensor(shape, type, s, s.address);
  }

  /** A scalar. */
  public static Tensor scalar(float value) {
    return full(value);
  }

  /** A vector of these values. */
  public static Tensor of(float... values) {
    return of(values, Shape.of(values.length));
  }

  /** These values in a shape. */
  public static Tensor of(float[] values, Shape shape) {
    Tensor t = empty(shape, DType.F32);
    t.memory().copyFrom(values);
    return t;
  }

  /** A matrix of these rows. */
  public static Tensor of(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    float[] all = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new IllegalArgumentException(
            "tensor: row "
                + i
                + " has "
                + rows[i].length
                + " values and row 0 has "
                + columns
                + "; all rows must be equally long");
      }
      System.arraycopy(rows[i], 0, all, i * columns, columns);
    }
    return of(all, Shape.of(rows.length, columns));
  }

  /** A vector of integers. */
  public static Tensor of(int... values) {
    return of(values, Shape.of(values.length));
  }

  /** These integers in a shape. */
  public static Tensor of(int[] values, Shape shape) {
    Tensor t = empty(shape, DType.I32);
    t.memory().copyFrom(values);
    return t;
  }

  /** The integers 0 … n−1. */
  public static Tensor arange(int n) {
    int[] v = new int[n];
    Arrays.setAll(v, i -> i);
    return of(v);
  }

  /** Draws from the standard normal distribution, from the thread's {@link Rng}. */
  public static Tensor normal(int... dims) {
    return normal(Rng.current(), 0, 1, Shape.of(dims));
  }

  /** Draws from a normal distribution. */
  public static Tensor normal(Rng rng, float mean, float std, Shape shape) {
    Tensor t = empty(shape, DType.F32);
    rng.normals(t.address, t.size(), mean, std);
    Reference.reachabilityFence(t);
    return t;
  }

  /** Draws from the uniform distribution over [0, 1), from the thread's {@link Rng}. */
  public static Tensor uniform(int... dims) {
    return uniform(Rng.current(), 0, 1, Shape.of(dims));
  }

  /** Draws from the uniform distribution over [low, high). */
  public static Tensor uniform(Rng rng, float low, float high, Shape shape) {
    Tensor t = empty(shape, DType.F32);
    t.memory().fillWith(() -> low + (high - low) * rng.uniform());
    return t;
  }

  /**
   * The floats of a native segment, without a copy: it must stay valid while the tensor is in use.
   */
  public static Tensor wrap(MemorySegment memory, Shape shape) {
    return wrap(memory, shape, DType.F32);
  }

  /**
   * The elements of a native segment, without a copy: it must stay valid while the tensor is in
   * use.
   */
  public static Tensor wrap(MemorySegment memory, Shape shape, DType type) {
    if (!memory.isNative()) {
      throw new IllegalArgumentException(
          "wrap: the segment is on the Java heap; use Tensor.of(values, shape) to copy it");
    }
    if (memory.byteSize() < 4 * shape.size() || memory.address() % 4 != 0) {
      throw new IllegalArgumentException(
          "wrap: a segment of "
              + memory.byteSize()
              + " bytes at "
              + memory.address() % 4
              + " modulo 4 cannot hold "
              + shape
              + ": it takes "
              + 4 * shape.size()
              + " bytes, aligned to 4");
    }
    Storage s = new Storage(memory.address(), 4 * shape.size(), memory, null, false);
    return new Tensor(shape, type, s, s.address);
  }

  /** A stand-in for an input of a computation that is being traced; its values cannot be read. */
  public static Tensor placeholder(Shape shape, DType type) {
    Tensor t = zeros(shape, type);
    t.symbolic = true;
    return t;
  }

  // ---- properties

  /** The dimensions. */
  public Shape shape() {
    return shape;
  }

  /** Dimension {@code axis}; negative axes count from the end. */
  public int dim(int axis) {
    return shape.dim(axis);
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.rank();
  }

  /** The number of elements. */
  public long size() {
    return shape.size();
  }

  /** The elements' type. */
  public DType type() {
    return type;
  }

  /**
   * How this tensor was computed; null for constants, parameters and results of inference scopes.
   */
  public @Nullable Node node() {
    return node;
  }

  /** Which of its node's outputs this is. */
  public int output() {
    return output;
  }

  // ---- values

  /** The value of a tensor that has one element. */
  public float item() {
    if (size() != 1) {
      throw new ShapeException("item", "the tensor must have one element; it has " + size(), shape);
    }
    Memory m = memory();
    return type == DType.F32 ? m.get(0) : m.getInt(0);
  }

  /** The element at an index in each dimension. */
  public float get(int... index) {
    Memory m = memory();
    long i = offset(index);
    return type == DType.F32 ? m.get(i) : m.getInt(i);
  }

  /** The integer at an index in each dimension. */
  public int getInt(int... index) {
    return requireInts("getInt").getInt(offset(index));
  }

  /** Changes one element in place. */
  public void set(float value, int... index) {
    Memory m = memory();
    long i = offset(index);
    if (type == DType.F32) {
      m.set(i, value);
    } else {
      m.setInt(i, (int) value);
    }
    changed();
  }

  /** All elements, row by row. */
  public float[] toArray() {
    float[] v = new float[Math.toIntExact(size())];
    copyTo(v);
    return v;
  }

  /** All integers, row by row. */
  public int[] toIntArray() {
    int[] v = new int[Math.toIntExact(size())];
    requireInts("toIntArray").copyTo(v);
    return v;
  }

  /** Copies all elements to an array of the same size. */
  public void copyTo(float[] target) {
    memory().copyTo(target, type);
  }

  /** Overwrites all elements, in place. */
  public void copyFrom(float[] source) {
    memory().copyFrom(source);
    changed();
  }

  /** Overwrites all integers, in place. */
  public void copyFrom(int[] source) {
    requireInts("copyFrom").copyFrom(source);
    changed();
  }

  /** Overwrites all elements with those of a tensor of the same shape and type, in place. */
  public void copyFrom(Tensor source) {
    if (!shape.equals(source.shape) || type != source.type) {
      throw new ShapeException(
          "copyFrom",
          "shapes and types must be equal (" + type + ", " + source.type + ")",
          shape,
          source.shape);
    }
    Vectors.copy(source.address(), address(), bytes());
    Reference.reachabilityFence(source);
    changed();
  }

  /** The elements as a segment of native memory, without a copy, valid as long as the tensor. */
  public MemorySegment segment() {
    check("segment");
    MemorySegment m = storage.memory;
    return m.asSlice(address - m.address(), bytes());
  }

  /** A copy in collected memory that outlives every scope and has no history. */
  public Tensor copy() {
    Storage s = Storage.collected(size());
    Tensor t = new Tensor(shape, type, s, s.address);
    Vectors.copy(address(), t.address, bytes());
    Reference.reachabilityFence(this);
    return t;
  }

  /** The same memory without history: gradients do not flow through it. */
  public Tensor detach() {
    check("detach");
    return new Tensor(shape, type, storage, address);
  }

  // ---- operations

  /** Applies an operation that has one output. */
  public static Tensor apply(Op op, Tensor... inputs) {
    return applyAll(op, inputs)[0];
  }

  /** Applies an operation. */
  public static Tensor[] applyAll(Op op, Tensor... inputs) {
    ThreadMemory own = ThreadMemory.existing();
    Shape[] shapes = ThreadMemory.shapes(own, inputs.length);
    for (int i = 0; i < inputs.length; i++) {
      Tensor t = inputs[i];
      t.check(op);
      shapes[i] = t.shape;
    }
    DType[] outTypes = op.types(Types.of(inputs));
    Shape only = op instanceof SingleOutput one ? one.shape(shapes) : null;
    Shape[] outShapes = only == null ? op.shapes(shapes) : Op.NONE;
    boolean record = (op.differentiable() || Scope.tracing()) && Scope.recording();
    Tensor[] out = new Tensor[only == null ? outShapes.length : 1];
    if (op.view()) {
      out[0] = inputs[0].viewAs(only == null ? outShapes[0] : only, op.viewOffset(shapes));
      if (record) {
        record(op, inputs, out, NO_TENSORS);
      }
      ThreadMemory.give(own, shapes);
      return out;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] =
          empty(only == null ? outShapes[i] : only, outTypes[Math.min(i, outTypes.length - 1)]);
    }
    if (record && Scope.tracing() && anySymbolic(inputs)) { // nobody can read what it would compute
      record(op, inputs, out, NO_TENSORS);
      return out;
    }
    Shape[] savedShapes = record ? op.saved(shapes) : Op.NONE;
    Tensor[] saved = savedShapes.length == 0 ? NO_TENSORS : new Tensor[savedShapes.length];
    for (int i = 0; i < saved.length; i++) {
      saved[i] = empty(savedShapes[i], DType.F32);
    }
    ThreadMemory.give(own, shapes);
    op.forward(inputs, out, saved);
    Reference.reachabilityFence(inputs);
    if (Guard.CHECK_NAN) {
      checkNan(op, inputs, out);
    }
    if (record) {
      record(op, inputs, out, saved);
    }
    return out;
  }

  static final Tensor[] NO_TENSORS = {};

  private static void record(Op op, Tensor[] inputs, Tensor[] out, Tensor[] saved) {
    if (Scope.tracing()) {
      markSymbolic(inputs, out);
    }
    Node n = new Node(op, inputs, out, saved);
    for (int i = 0; i < out.length; i++) {
      out[i].node = n;
      out[i].output = (short) i;
    }
  }

  private static void markSymbolic(Tensor[] inputs, Tensor[] out) {
    if (anySymbolic(inputs)) {
      for (Tensor o : out) {
        o.symbolic = true;
      }
    }
  }

  private static boolean anySymbolic(Tensor[] tensors) {
    for (Tensor t : tensors) {
      if (t.symbolic) {
        return true;
      }
    }
    return false;
  }

  private static void checkNan(Op op, Tensor[] inputs, Tensor[] out) {
    for (Tensor t : out) {
      if (t.type == DType.F32 && t.memory().hasNan()) {
        throw new IllegalStateException(
            op.name()
                + ": "
                + Arrays.stream(inputs).map(x -> x.shape.toString()).toList()
                + " -> "
                + t.shape
                + ": the result holds a NaN (-Dharpia.check=nan)");
      }
    }
  }

  // ---- for operations and kernels

  /**
   * The absolute address of the first element, for kernels; the caller keeps the tensor reachable
   * while it is used.
   */
  public long address() {
    check("tensor");
    return address;
  }

  /** Whether a kernel may write whole vectors over this tensor's end. */
  public boolean writablePadding() {
    return storage.padded && address == storage.address && bytes() == storage.bytes;
  }

  /** Whether a kernel may read whole vectors over this tensor's end. */
  public boolean readablePadding() {
    return storage.padded;
  }

  /** Notes a change in place, so that graphs computed before it are refused. */
  public void changed() {
    storage.version++;
  }

  int version() {
    return storage.version;
  }

  Storage storage() {
    return storage;
  }

  Tensor viewAs(Shape s, long offset) {
    return new Tensor(s, type, storage, address + 4 * offset);
  }

  void check(String operation) {
    Lifetime l = storage.lifetime;
    if (l != null && l.isClosed()) {
      throw l.closedException(operation + ": tensor " + shape);
    }
  }

  /** As {@link #check(String)}, without asking for a name that nobody reads. */
  private void check(Op op) {
    Lifetime l = storage.lifetime;
    if (l != null && l.isClosed()) {
      check(op.name());
    }
  }

  private long bytes() {
    return 4 * shape.size();
  }

  private Memory memory() {
    check("tensor");
    if (symbolic) {
      throw new IllegalStateException(
          "plan: a value of tensor "
              + shape
              + " is read while tracing, but it depends on the input; compute it with operations");
    }
    return new Memory(this, address, size());
  }

  private Memory requireInts(String operation) {
    if (type != DType.I32) {
      throw new IllegalArgumentException(
          operation + ": tensor " + shape + " is F32; it must be I32");
    }
    return memory();
  }

  private long offset(int... index) {
    if (index.length != shape.rank()) {
      throw new IndexOutOfBoundsException(
          "index "
              + Arrays.toString(index)
              + " of tensor "
              + shape
              + ": it takes "
              + shape.rank()
              + " numbers");
    }
    long at = 0;
    for (int i = 0; i < index.length; i++) {
      int d = shape.dim(i);
      int k = index[i] < 0 ? index[i] + d : index[i];
      if (k < 0 || k >= d) {
        throw new IndexOutOfBoundsException(
            "index "
                + Arrays.toString(index)
                + " of tensor "
                + shape
                + ": dimension "
                + i
                + " has indices 0 to "
                + (d - 1));
      }
      at = at * d + k;
    }
    return at;
  }

  @Override
  Tensor self() {
    return this;
  }

  /** The shape and, rounded to four digits, the first elements. */
  @Override
  public String toString() {
    return TensorText.of(this);
  }
}
