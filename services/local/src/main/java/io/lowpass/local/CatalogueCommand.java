package io.lowpass.local;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lowpass catalogue}: the model catalogue of some folders, for ingestion, sampler and encoder. */
@Command(
        name = "catalogue",
        description =
                "Prints the model catalogue of the given folders: what requests may ask for, and where workers find"
                        + " each model.",
        mixinStandardHelpOptions = true)
final class CatalogueCommand implements Callable<Integer> {

    @Mixin
    private StackOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Models models = options.models();
        spec.commandLine().getOut().print(models.catalogue(options::worker).yaml());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
