/** Tests of the endurance run. */
package io.lowpass.local.endurance;
