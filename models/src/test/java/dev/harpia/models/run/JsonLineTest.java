package dev.harpia.models.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLineTest {
  @Test
  void keepsTheOrderAndQuotesWhatMustBeQuoted() {
    JsonLine line =
        new JsonLine()
            .put("z", "a \"b\" \\ \n \u0001 é")
            .put("n", 3L)
            .put("x", 0.123456789)
            .put("big", 1e20)
            .put("whole", 5.0)
            .put("nan", Double.NaN)
            .put("yes", true)
            .put("list", List.of("p", "q"))
            .put("inner", new JsonLine().put("k", 1L));
    assertThat(line)
        .hasToString(
            "{\"z\": \"a \\\"b\\\" \\\\ \\n \\u0001 é\", \"n\": 3, \"x\": 0.123457, \"big\": 1E+20,"
                + " \"whole\": 5, \"nan\": null, \"yes\": true, \"list\": [\"p\", \"q\"],"
                + " \"inner\": {\"k\": 1}}");
  }
}
