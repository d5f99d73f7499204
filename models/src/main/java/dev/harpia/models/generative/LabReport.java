package dev.harpia.models.generative;

import dev.harpia.models.run.JsonLine;

/**
 * What a run amounts to.
 *
 * @param json on one line, for programs
 * @param text for people
 */
public record LabReport(JsonLine json, String text) {}
