namespace Orleans.Workflows.Admission.Limits;

/// <summary>The limits that stand in the settings. Their names are none that anybody can put.</summary>
internal static class SettingRules
{
    public static IEnumerable<LimitRule> Of(AdmissionOptions options) =>
        options.QueueLimits
            .Select(pair => LimitRule.Of($"settings:{QueueLimits.NameOf(pair.Key)}", QueueLimits.Of(pair.Key, pair.Value)))
            .Concat(options.DefaultQueueLimit is { } usual ? [LimitRule.Of("settings:queues", QueueLimits.Of("*", usual))] : [])
            .Select(rule => rule with { IsSetting = true });
}
