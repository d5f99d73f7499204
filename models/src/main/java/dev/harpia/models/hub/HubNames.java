package dev.harpia.models.hub;

import dev.harpia.models.hub.HubWeights.Place;
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
final class HubNames implements HubWeights.Names {
  /** What files may hold besides: causal masks and tables that the model computes itself. */
  private static final Pattern COMPUTED =
      Pattern.compile(
          "h\\.\\d+\\.attn\\.(masked_)?bias|layers\\.\\d+\\.self_attn\\.rotary_emb\\.inv_freq");

  private final GptConfig c;
  private final Map<String, Place> places = new LinkedHashMap<>();

  HubNames(GptConfig c) {
    this.c = c;
    if (c.style() == Style.GPT2) {
      gpt2();
    } else {
      llama();
    }
    if (!c.tied()) {
      put("lm_head.weight", "head.weight", c.vocabulary(), c.width());
    }
  }

  @Override
  public Map<String, Place> places() {
    return places;
  }

  @Override
  public String stripped(String name) {
    return name.replaceFirst("^(transformer|model)\\.", "");
  }

  @Override
  public String full(String stripped) {
    return (c.style() == Style.LLAMA && !stripped.startsWith("lm_head") ? "model." : "") + stripped;
  }

  @Override
  public boolean isSpare(String stripped) {
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
    places.put(theirs, Place.whole(ours, dims));
  }

  private void part(String theirs, String ours, int row) {
    places.put(theirs, Place.whole(ours, c.keyWidth(), c.width()).at(row));
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
