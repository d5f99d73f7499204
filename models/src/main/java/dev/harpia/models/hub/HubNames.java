package dev.harpia.models.hub;

import dev.harpia.models.transformer.GptConfig;
import dev.harpia.models.transformer.GptConfig.Style;
import dev.harpia.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which tensors a published checkpoint has, by the names of the {@code transformers} library, and
 * where each goes in ours. GPT-2 keeps the weights of linear layers as [in, out]; Llama keeps
 * queries, keys and values apart.
 */
final class HubNames {
  /**
   * Where a tensor goes.
   *
   * @param shape as it is published
   * @param name in our model
   * @param row of ours at which it begins
   * @param transposed whether ours is its transpose
   */
  record Place(Shape shape, String name, int row, boolean transposed) {}

  /** What files may hold besides: causal masks and tables that the model computes itself. */
  private static final Pattern COMPUTED =
      Pattern.compile(
          "h\\.\\d+\\.attn\\.(masked_)?bias|layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq");

  private final GptConfig c;
  private final Map<String, Place> places = new LinkedHashMap<>();

  private HubNames(GptConfig c) {
    this.c = c;
  }

  /** All tensors that there must be, by names without the prefix of the inner model. */
  static Map<String, Place> of(GptConfig c) {
    HubNames n = new HubNames(c);
    if (c.style() == Style.GPT2) {
      n.gpt2();
    } else {
      n.llama();
    }
    if (!c.tied()) {
      n.put("lm_head.weight", "head.weight", c.vocabulary(), c.width());
    }
    return n.places;
  }

  /** A name without the prefix that it has where a head was saved with the model. */
  static String stripped(String name) {
    return name.replaceFirst("^(transformer|model)\\.", "");
  }

  /** Whether a tensor that has no place may be passed over. */
  static boolean isSpare(String stripped, GptConfig c) {
    return COMPUTED.matcher(stripped).matches() || c.tied() && stripped.equals("lm_head.weight");
  }

  private void gpt2() {
    int e = c.width();
    put("wte.weight", "wte.weight", c.vocabulary(), e);
    put("wpe.weight", "wpe.weight", c.context(), e);
    for (int i = 0; i < c.layers(); i++) {
      String h = "h." + i + ".";
      both(h + "ln_1", h + "ln1", e);
      conv1d(h + "attn.c_attn", h + "attn.qkv", e, 3 * e);
      conv1d(h + "attn.c_proj", h + "attn.proj", e, e);
      both(h + "ln_2", h + "ln2", e);
      conv1d(h + "mlp.c_fc", h + "mlp.fc", e, c.hidden());
      conv1d(h + "mlp.c_proj", h + "mlp.out", c.hidden(), e);
    }
    both("ln_f", "lnf", e);
  }

  private void llama() {
    int e = c.width();
    put("embed_tokens.weight", "wte.weight", c.vocabulary(), e);
    for (int i = 0; i < c.layers(); i++) {
      String from = "layers." + i + ".";
      String to = "h." + i + ".";
      String qkv = to + "attn.qkv.weight";
      put(from + "input_layernorm.weight", to + "ln1.weight", e);
      put(from + "self_attn.q_proj.weight", qkv, e, e);
      part(from + "self_attn.k_proj.weight", qkv, e);
      part(from + "self_attn.v_proj.weight", qkv, e + c.keyWidth());
      put(from + "self_attn.o_proj.weight", to + "attn.proj.weight", e, e);
      put(from + "post_attention_layernorm.weight", to + "ln2.weight", e);
      put(from + "mlp.gate_proj.weight", to + "mlp.gate.weight", c.hidden(), e);
      put(from + "mlp.up_proj.weight", to + "mlp.fc.weight", c.hidden(), e);
      put(from + "mlp.down_proj.weight", to + "mlp.out.weight", e, c.hidden());
    }
    put("norm.weight", "lnf.weight", e);
  }

  private void put(String theirs, String ours, int... dims) {
    places.put(theirs, new Place(Shape.of(dims), ours, 0, false));
  }

  private void part(String theirs, String ours, int row) {
    places.put(theirs, new Place(Shape.of(c.keyWidth(), c.width()), ours, row, false));
  }

  private void both(String theirs, String ours, int width) {
    put(theirs + ".weight", ours + ".weight", width);
    put(theirs + ".bias", ours + ".bias", width);
  }

  private void conv1d(String theirs, String ours, int in, int out) {
    places.put(theirs + ".weight", new Place(Shape.of(in, out), ours + ".weight", 0, true));
    put(theirs + ".bias", ours + ".bias", out);
  }
}
