/** Tests of the chaos run: its schedule, its faults, and whether it finds what is wrong. */
package io.lowpass.trials.chaos;
