using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a destination itself refuses or reports.</summary>
internal static class DestinationErrors
{
    public static FeedException IdentifierInvalid(string name)
        => new("IdentifierInvalid", FeedErrorCategory.InvalidArgument, $"\"{name.Replace('\0', '?')}\" cannot be the name of a table or column.")
        {
            Target = name,
            Hint = "A name has at least one character, and no NUL.",
        };

    public static FeedException IdentifierTooLong(string name, int limit)
        => new(
            "IdentifierTooLong", FeedErrorCategory.InvalidArgument,
            $"The name \"{name}\" is longer than the {limit} bytes that the destination allows.")
        {
            Target = name,
            Hint = "Choose a shorter table or column name.",
        };

    public static FeedException NotSupported(LoadTarget target, string location, string setting)
        => new(
            "NotSupportedByDestination", FeedErrorCategory.InvalidOperation,
            $"{location} cannot load with {setting}, which feed {target.FeedName} asks for.")
        {
            Target = target.FeedName,
            Hint = "Change the setting, or give the feed another destination.",
        };

    public static FeedException Busy(LoadTarget target, string what, TimeSpan waited, Exception? inner = null)
        => new("DestinationBusy", FeedErrorCategory.ResourceBusy, $"{what} was in use by another program for {waited.TotalSeconds:0} seconds.", inner)
        {
            Target = target.FeedName,
            Hint = "Close the program that uses it, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Full(LoadTarget target, string where, Exception inner)
        => new("DestinationFull", FeedErrorCategory.ResourceUnavailable, $"{where} is full; nothing of the commit was kept.", inner)
        {
            Target = target.FeedName,
            Hint = "Free space, then run the feed again: it continues after the last commit.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Refused(LoadTarget target, string reason, string? code, FeedErrorCategory category, Exception inner)
        => new("DestinationRefused", category, $"The destination refused to load \"{target.Table}\": {reason}", inner)
        {
            Target = target.FeedName,
            ServiceCode = code,
            Hint = "Nothing of the commit was kept. Fix what the destination reports, then run the feed again.",
            Remedies = [Remedy.Run(target.FeedName)],
        };

    public static FeedException Lost(LoadTarget target, string engine, Exception inner)
        => new(
            "DestinationLost", FeedErrorCategory.ConnectionError,
            $"The connection to {engine} was lost during the load into \"{target.Table}\".", inner)
        {
            Target = target.FeedName,
            Hint = "Nothing of the commit was kept. Run the feed again: it continues after the last commit.",
            Remedies = [Remedy.Run(target.FeedName)],
        };
}
