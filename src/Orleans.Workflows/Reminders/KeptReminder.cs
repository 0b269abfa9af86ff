using Orleans.Runtime;

namespace Orleans.Workflows.Reminders;

/// <summary>A grain's one reminder, and whether it is known to be there: asking costs a statement, and it was set before what it is for.</summary>
internal sealed class KeptReminder(IGrainBase grain, string name, TimeSpan period)
{
    /// <summary>False: it may be there nevertheless.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>It called.</summary>
    public void Called() => IsKnown = true;

    public async Task AddAsync()
    {
        await grain.RegisterOrUpdateReminder(name, period, period);
        IsKnown = true;
    }

    /// <summary>Adds it where it is missing, as in a database that was restored without it.</summary>
    public async Task KeepAsync()
    {
        IsKnown = IsKnown || await grain.GetReminder(name) is not null;
        if (!IsKnown)
        {
            await AddAsync();
        }
    }

    public async Task RemoveAsync()
    {
        IsKnown = false;
        if (await grain.GetReminder(name) is { } reminder)
        {
            await grain.UnregisterReminder(reminder);
        }
    }
}
