package dev.safefinetune.images;

import dev.safefinetune.images.quarkus.GeneratedBytecode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The operator: Quarkus' folder as it was built, started by the Java launcher itself.
 *
 * @param classArchive whether it has an archive of its classes: with it the operator starts faster, without it two builds of the
 *     image are equal byte for byte
 */
record OperatorImage(BuiltTree built, boolean classArchive) implements Image {
    private static final int USER = 65_532;
    private static final String HOME = "opt/operator";
    private static final String PROGRAM = HOME + "/app/quarkus-run.jar";
    private static final String ARCHIVE = HOME + "/operator.jsa";
    private static final List<String> START =
            List.of("/" + HOME + "/runtime/bin/java", "@/" + HOME + "/operator.options");
    private static final String OPTIONS = "operator/src/main/jvm/operator.options";

    @Override
    public String name() {
        return "operator";
    }

    @Override
    public ImagePlan plan() {
        List<String> entrypoint = new ArrayList<>(START);
        if (classArchive) {
            entrypoint.add("-XX:SharedArchiveFile=/" + ARCHIVE);
        }
        entrypoint.addAll(List.of("-jar", "/" + PROGRAM));
        return new ImagePlan(
                "safe-fine-tune/operator:" + built.version(),
                USER,
                entrypoint,
                Map.of("LANG", "C.UTF-8", "PATH", "/" + HOME + "/runtime/bin"),
                List.of(8080),
                Image.labels(
                        built,
                        "safe-fine-tune operator",
                        "Leads the runs of SafeFineTune and SecurityVector resources."),
                layers());
    }

    private List<ImagePlan.Layer> layers() {
        List<ImagePlan.Layer> layers = new ArrayList<>(List.of(
                new ImagePlan.Layer("system", List.of("etc", "lib", "tmp", "usr/lib")),
                new ImagePlan.Layer("runtime", List.of(HOME + "/runtime")),
                new ImagePlan.Layer("libraries", List.of(HOME + "/app/lib"))));
        if (classArchive) {
            layers.add(new ImagePlan.Layer("classes", List.of(ARCHIVE)));
        }
        layers.add(new ImagePlan.Layer("application", List.of()));
        return layers;
    }

    @Override
    public void assemble(RootTree tree, Bill bill, Path work) throws IOException {
        new JavaRuntime(ModuleList.read(built.at("operator/src/main/jvm/operator.modules")))
                .writeTo(tree.at(HOME + "/runtime"));
        bill.runtime(JavaRuntime.release());
        Path application = built.at("operator/target/quarkus-app");
        tree.copyTree(application, HOME + "/app");
        GeneratedBytecode.settle(tree.at(HOME + "/app/quarkus/generated-bytecode.jar"));
        tree.copy(built.at(OPTIONS), HOME + "/operator.options");
        bill.jars(tree, HOME + "/app", Coordinates.ofQuarkus(application.resolve("quarkus-app-dependencies.txt")));
        SystemFiles.writeTo(tree, name(), USER);
    }

    @Override
    public void finish(RootTree tree) throws IOException {
        if (classArchive) {
            ClassArchive.write(tree, START, PROGRAM, built.at("operator/src/main/jvm/operator.classes"), ARCHIVE);
        }
    }
}
