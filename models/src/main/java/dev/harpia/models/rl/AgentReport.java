package dev.harpia.models.rl;

import dev.harpia.models.run.JsonLine;

/**
 * What a run of a lab amounts to.
 *
 * @param mean the mean return of the test episodes, over all runs
 * @param json the report on one line, for programs
 * @param text the report for people
 */
public record AgentReport(double mean, JsonLine json, String text) {}
