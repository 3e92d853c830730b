package io.lowpass.lab.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** All checks. */
final class Checks {

    private final ObjectMapper json;
    private final ComponentFolder folders;
    private final List<FamilyChecks> families;

    Checks(ObjectMapper json) {
        this.json = json;
        folders = new ComponentFolder(json);
        families =
                List.of(new WanChecks(folders), new CogVideoXChecks(), new HunyuanChecks(), new OpenSoraChecks(json));
    }

    /** The checks by component name. */
    Map<String, Check> components() {
        Map<String, Map<String, Check>> byClass = new HashMap<>();
        families.forEach(family -> family.components()
                .forEach((component, checks) -> byClass.computeIfAbsent(component, name -> new HashMap<>())
                        .putAll(checks)));
        Map<String, Check> common =
                Map.of("scheduler", new SchedulerCheck(json), "prompt_clean", new PromptCleanCheck());
        Map<String, Check> checks = new HashMap<>(common);
        byClass.forEach((component, ofClass) -> checks.put(
                component, new ComponentCheck(folders, ofClass, Optional.ofNullable(common.get(component)))));
        checks.put("random", new RandomCheck());
        checks.put("generation", new GenerationCheck(json, folders));
        return checks;
    }

    /** The parameters of public checkpoints. */
    ManifestCheck manifests() {
        Map<String, Function<ComponentConfig, Architecture>> architectures = new HashMap<>();
        families.forEach(family -> architectures.putAll(family.architectures()));
        return new ManifestCheck(json, architectures);
    }
}
