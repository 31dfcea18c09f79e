using System.Globalization;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>
/// Names the properties of an object after the columns of a table. PowerShell ignores the case of properties, and has members of its own in each
/// object.
/// </summary>
internal static class PropertyNames
{
    private static readonly string[] Reserved = ["PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames", "PSStandardMembers"];

    /// <summary>Returns a name for each column: its own, or with a number appended where that name is taken.</summary>
    public static IReadOnlyList<string> From(IReadOnlyList<string> columns)
    {
        var taken = new HashSet<string>(Reserved, StringComparer.OrdinalIgnoreCase);
        var names = new string[columns.Count];
        var renamed = new List<int>();
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = columns[i];
            if (!taken.Add(names[i]))
                renamed.Add(i);
        }
        foreach (var i in renamed)
        {
            for (var number = 2; !taken.Add(names[i]); number++)
                names[i] = string.Create(CultureInfo.InvariantCulture, $"{columns[i]}_{number}");
        }
        return names;
    }
}
