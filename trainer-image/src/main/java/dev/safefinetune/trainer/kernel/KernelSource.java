package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.Processor;
import freemarker.core.UndefinedOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fills the kernels' templates in for an architecture: the parts that it has, and its sizes as constants. */
final class KernelSource {
    private static final Configuration TEMPLATES = templates();

    /** Added to a score that must not count: large enough to vanish in a softmax, and no infinity, whose differences are NaN. */
    private static final String INFINITY = "1e30";

    /** Attention of variable length takes heads of a multiple of so many numbers, and of no more than the most. */
    private static final int VARLEN_STEP = 8;

    private static final int VARLEN_MOST = 256;

    private KernelSource() {}

    static String of(Architecture a, Precision precision, Device device) {
        StringWriter source = new StringWriter();
        try {
            TEMPLATES.getTemplate("model.py.ftl").process(model(a, precision, device), source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException("the kernels' templates do not fit " + a, e);
        }
        return source.toString();
    }

    private static Map<String, Object> model(Architecture a, Precision precision, Device device) {
        Architecture.Sizes s = a.sizes();
        Map<String, Object> model = new HashMap<>(Map.of(
                "L", s.layers(),
                "C", s.width(),
                "F", s.feedWidth(),
                "H", s.heads(),
                "K", s.keyValueHeads(),
                "D", s.headDim(),
                "group", s.heads() / s.keyValueHeads()));
        String place = "torch.device(\"" + device.text() + "\")";
        model.put("device", place);
        // Of what makes a tensor: on processors a tensor lies there without being told.
        model.put("on", device.isCuda() ? ", device=" + place : "");
        boolean half = precision == Precision.BFLOAT16 && (device.isCuda() || Processor.multipliesBFloat16());
        model.put("dtype", half ? precision.type() : Precision.FLOAT32.type());
        model.put("store", precision.type());
        model.put("half", half);
        model.put("stored", precision == Precision.BFLOAT16 && !half);
        WeightOrder order = new WeightOrder(a);
        model.put("w", weights("w", order));
        model.put("gw", weights("gw", order));
        model.put("layer", layer(a.projections(), order));
        model.put("norms", norms(a.norms()));
        model.put("rotation", rotation(a.rotation(), s.headDim()));
        model.put("attention", attention(a.attention(), s.headDim(), device));
        model.put("scales", scales(a.scales()));
        return model;
    }

    private static Map<String, Object> weights(String list, WeightOrder order) {
        return Map.of(
                "embedding", list + "[0]",
                "norm", list + "[" + order.finalNorm() + "]",
                "head", list + "[" + order.headAt() + "]");
    }

    private static Map<String, Object> layer(Architecture.Projections p, WeightOrder order) {
        return Map.of(
                "weights", order.fields(),
                "linears", order.linearFields(),
                "biases", order.biasedFields(),
                "fusedAttention", p.fusedAttention(),
                "fusedFeed", p.fusedFeed(),
                "gelu", p.activation() == Architecture.Projections.Activation.GELU_TANH);
    }

    private static Map<String, Object> norms(Architecture.Norms n) {
        return Map.of(
                "epsilon", number(n.epsilon()),
                "offset", n.offset(),
                "before", n.place().before(),
                "after", n.place().after(),
                "heads", n.heads() != Architecture.Norms.Heads.NONE);
    }

    private static Map<String, Object> rotation(Architecture.Rotation r, int headDim) {
        Set<Integer> kinds = new LinkedHashSet<>(r.perLayer());
        return Map.of(
                "width", r.width(),
                "half", r.width() / 2,
                "rest", headDim - r.width(),
                "kinds", r.kinds(),
                "some", !kinds.equals(Set.of(0)),
                "perLayer", r.perLayer(),
                "longFrom", r.longFrom());
    }

    private static Map<String, Object> attention(Architecture.Attention a, int headDim, Device device) {
        boolean capped = a.softCap() != null;
        boolean varlen = device.isCuda() && !capped && headDim % VARLEN_STEP == 0 && headDim <= VARLEN_MOST;
        Map<String, Object> attention = new HashMap<>(Map.of(
                "scale",
                number(a.scale()),
                "scaled",
                a.scale() != 1 / Math.sqrt(headDim),
                "capped",
                capped,
                "window",
                a.window(),
                "perLayer",
                a.windowed().stream().map(w -> w ? 1 : 0).toList(),
                "infinity",
                INFINITY,
                "block",
                Kernels.CAPPED_QUERIES));
        attention.put("varlen", varlen);
        attention.put("blocks", capped || device.isCuda());
        put(attention, "cap", a.softCap());
        return attention;
    }

    private static Map<String, Object> scales(Architecture.Scales s) {
        Map<String, Object> scales = new HashMap<>();
        put(scales, "embedding", s.embedding() == 1 ? null : Double.valueOf(s.embedding()));
        put(scales, "residual", s.residual() == 1 ? null : Double.valueOf(s.residual()));
        put(scales, "logits", s.logits() == 1 ? null : Double.valueOf(s.logits()));
        put(scales, "logitsCap", s.logitsCap());
        return scales;
    }

    private static void put(Map<String, Object> to, String name, @Nullable Double value) {
        if (value != null) {
            to.put(name, number(value));
        }
    }

    private static String number(double value) {
        return Double.toString(value);
    }

    private static Configuration templates() {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
        configuration.setClassForTemplateLoading(KernelSource.class, "");
        configuration.setDefaultEncoding("UTF-8");
        configuration.setOutputFormat(UndefinedOutputFormat.INSTANCE);
        configuration.setLocale(Locale.ROOT);
        configuration.setNumberFormat("c");
        configuration.setLogTemplateExceptions(false);
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        return configuration;
    }
}
