#include "cli/paper_experiment.h"

#include "cli/experiment_scaling.h"
#include "experiments/preset.h"

#include <string.h>

static void note(const sb_paper_experiment *part, const sb_scaling_outcome *o) {
    static const struct {
        const char *file, *what;
    } made[] = {{"results.txt",
                 "natural and certified accuracy of our own networks at three image sizes, and "
                 "whether their curves coincide (also .md, .tex, .json)"},
                {"figure-scaling.svg", "Figure 2 from these networks, with a control"}};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        sb_text_format(
            part->files,
            "| [scaling-%s/%s](scaling-%s/%s) | %s | `smoothbound experiment scaling --preset %s%s` |\n",
            o->name, made[i].file, o->name, made[i].file, made[i].what, part->preset,
            part->data ? " --data DIR" : "");
    sb_text_format(part->pictures,
                   "![Certified accuracy of our own networks](scaling-%s/figure-scaling.png)\n\n", o->name);
    sb_text_format(part->results, "scaling         %s: %s", o->name, o->line.data);
}

sb_status sb_paper_experiment_check(const char *name, sb_error *error) {
    if (strcmp(name, "none") == 0) return SB_OK;
    sb_preset preset;
    sb_preset_init(&preset);
    sb_status status = sb_preset_read(&preset, name, error);
    if (!status && strcmp(preset.data, "shapes") != 0)
        status = sb_fail(error, SB_BAD_INPUT,
                         "--experiment %.200s: needs data of its own; run it by `experiment`", name);
    sb_preset_clear(&preset);
    return status;
}

int sb_paper_experiment_write(const sb_paper_experiment *part, const sb_common_options *common) {
    if (strcmp(part->preset, "none") == 0) return SB_EXIT_HOLDS;
    const sb_scaling_request request = {
        .preset = part->preset, .data = part->data, .directory = part->directory};
    sb_scaling_outcome outcome;
    sb_scaling_outcome_init(&outcome);
    int result = sb_experiment_scaling(&request, common, &outcome);
    if (result == SB_EXIT_HOLDS || result == SB_EXIT_DIFFERS) note(part, &outcome);
    sb_scaling_outcome_clear(&outcome);
    /* Small networks that differ refute nothing of the paper: their verdict stands among the results. */
    return result == SB_EXIT_DIFFERS ? SB_EXIT_HOLDS : result;
}
