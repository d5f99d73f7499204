package dev.harpia.simd;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes squares of LANES × LANES in registers, written at run time for the vector width.
 *
 * <p>For s = LANES/2 … 1, rows i and i + s (i without bit s) exchange lanes: row i keeps its lanes
 * without bit s and takes those of row i + s, moved up by s, into its lanes with it; row i + s the
 * other way round.
 */
abstract class Transposer {
  /** The one for this machine's vectors. */
  static final Transposer INSTANCE = define();

  /**
   * Transposes {@code blocks} squares that lie one after the other along the rows.
   *
   * @param rows rows that exist, 1 … LANES; the others repeat the last
   * @param fs bytes between rows of the source
   * @param ts bytes between rows of the destination; each gets one whole vector
   */
  abstract void run(long from, long fs, int rows, int blocks, long to, long ts);

  /** Lanes l move to l + s. */
  static VectorShuffle<Float> up(int s) {
    return VectorShuffle.fromOp(Vectors.F, l -> (l - s + Vectors.LANES) % Vectors.LANES);
  }

  /** Lanes l move to l − s. */
  static VectorShuffle<Float> down(int s) {
    return VectorShuffle.fromOp(Vectors.F, l -> (l + s) % Vectors.LANES);
  }

  /** Lanes whose number has bit s. */
  static VectorMask<Float> with(int s) {
    long bits = 0;
    for (int l = 0; l < Vectors.LANES; l++) {
      bits |= (l & s) != 0 ? 1L << l : 0;
    }
    return VectorMask.fromLong(Vectors.F, bits);
  }

  private static Transposer define() {
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(new Emitter().bytes(), true);
      var constructor =
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
      return (Transposer) constructor.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("gemm: cannot define the transposer", e);
    }
  }

  private static final class Emitter {
    private static final ClassDesc SUPER = Transposer.class.describeConstable().orElseThrow();
    private static final ClassDesc VECTORS = Vectors.class.describeConstable().orElseThrow();
    private static final ClassDesc FLOATS = FloatVector.class.describeConstable().orElseThrow();
    private static final ClassDesc VECTOR = Vector.class.describeConstable().orElseThrow();
    private static final ClassDesc MASK = VectorMask.class.describeConstable().orElseThrow();
    private static final ClassDesc SHUFFLE = VectorShuffle.class.describeConstable().orElseThrow();
    private static final ClassDesc SPECIES = VectorSpecies.class.describeConstable().orElseThrow();
    private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
    private static final ClassDesc ORDER = ByteOrder.class.describeConstable().orElseThrow();

    private static final int FROM = 1;
    private static final int FS = 3;
    private static final int ROWS = 5;
    private static final int BLOCKS = 6;
    private static final int TO = 7;
    private static final int TS = 9;
    private static final int ADDRESS = 11;
    private static final int X = 13;
    private static final int ROW = 14;

    private final ClassDesc self = ClassDesc.of("dev.harpia.simd.GemmTileTranspose");

    byte[] bytes() {
      var run = MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_int, CD_int, CD_long, CD_long);
      return ClassFile.of()
          .build(
              self,
              type -> {
                type.withSuperclass(SUPER).withFlags(ClassFile.ACC_FINAL);
                for (int s = Vectors.LANES / 2; s > 0; s /= 2) {
                  type.withField("UP" + s, SHUFFLE, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
                  type.withField("DOWN" + s, SHUFFLE, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
                  type.withField("WITH" + s, MASK, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
                }
                type.withMethodBody("<clinit>", MTD_void, ClassFile.ACC_STATIC, this::constants)
                    .withMethodBody(
                        INIT_NAME,
                        MTD_void,
                        0,
                        code -> code.aload(0).invokespecial(SUPER, INIT_NAME, MTD_void).return_())
                    .withMethodBody("run", run, 0, this::emit);
              });
    }

    private void constants(CodeBuilder code) {
      for (int s = Vectors.LANES / 2; s > 0; s /= 2) {
        code.loadConstant(s).invokestatic(SUPER, "up", MethodTypeDesc.of(SHUFFLE, CD_int));
        code.putstatic(self, "UP" + s, SHUFFLE);
        code.loadConstant(s).invokestatic(SUPER, "down", MethodTypeDesc.of(SHUFFLE, CD_int));
        code.putstatic(self, "DOWN" + s, SHUFFLE);
        code.loadConstant(s).invokestatic(SUPER, "with", MethodTypeDesc.of(MASK, CD_int));
        code.putstatic(self, "WITH" + s, MASK);
      }
      code.return_();
    }

    private void emit(CodeBuilder code) {
      Label end = code.newLabel();
      Label loop = code.newBoundLabel();
      code.iload(BLOCKS).ifle(end);
      code.lload(FROM).lstore(ADDRESS);
      for (int i = 0; i < Vectors.LANES; i++) {
        code.getstatic(VECTORS, "F", SPECIES).getstatic(VECTORS, "ALL", SEGMENT);
        code.lload(ADDRESS).getstatic(VECTORS, "LE", ORDER);
        code.invokestatic(
            FLOATS,
            "fromMemorySegment",
            MethodTypeDesc.of(FLOATS, SPECIES, SEGMENT, CD_long, ORDER));
        code.astore(ROW + i);
        Label last = code.newLabel();
        code.iload(ROWS).loadConstant(i + 1).if_icmple(last);
        code.lload(ADDRESS).lload(FS).ladd().lstore(ADDRESS).labelBinding(last);
      }
      for (int s = Vectors.LANES / 2; s > 0; s /= 2) {
        for (int i = 0; i < Vectors.LANES; i++) {
          if ((i & s) == 0) {
            exchange(code, ROW + i, ROW + i + s, s);
          }
        }
      }
      for (int i = 0; i < Vectors.LANES; i++) {
        code.aload(ROW + i).getstatic(VECTORS, "ALL", SEGMENT);
        code.lload(TO).getstatic(VECTORS, "LE", ORDER);
        code.invokevirtual(
            FLOATS, "intoMemorySegment", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER));
        code.lload(TO).lload(TS).ladd().lstore(TO);
      }
      code.lload(FROM).loadConstant((long) Vectors.BYTES).ladd().lstore(FROM);
      code.iinc(BLOCKS, -1).goto_(loop).labelBinding(end).return_();
    }

    private void exchange(CodeBuilder code, int a, int b, int s) {
      var rearrange = MethodTypeDesc.of(FLOATS, SHUFFLE);
      var blend = MethodTypeDesc.of(FLOATS, VECTOR, MASK);
      code.aload(a).aload(b).getstatic(self, "UP" + s, SHUFFLE);
      code.invokevirtual(FLOATS, "rearrange", rearrange).getstatic(self, "WITH" + s, MASK);
      code.invokevirtual(FLOATS, "blend", blend).astore(X);
      code.aload(a).getstatic(self, "DOWN" + s, SHUFFLE);
      code.invokevirtual(FLOATS, "rearrange", rearrange).aload(b);
      code.getstatic(self, "WITH" + s, MASK);
      code.invokevirtual(FLOATS, "blend", blend).astore(b);
      code.aload(X).astore(a);
    }
  }
}
