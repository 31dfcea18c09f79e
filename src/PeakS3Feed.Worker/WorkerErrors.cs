using System.Net.Sockets;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Serve;

namespace PeakS3Feed.Worker;

/// <summary>The errors of the worker program.</summary>
internal static class WorkerErrors
{
    public static FeedException NotASetting(string text) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"\"{text}\" is not a setting with its value.")
    {
        Hint = "Write KEY=VALUE, for example table=orders or csv.separator=Tab.",
    };

    public static FeedException NothingOfThatName(IReadOnlyList<string> kinds, string name, IReadOnlyList<string> known) => new(
        "NameNotFound", FeedErrorCategory.ObjectNotFound,
        $"There is no {string.Join(", no ", kinds.SkipLast(1))} and no {kinds[^1]} named {name} in this store.")
    {
        Target = name,
        Hint = KnownNames.Hint(name, known, none: "It is empty."),
    };

    public static FeedException NoFeedMatches(string pattern, StoreDefinitions definitions) => new(
        "FeedNotFound", FeedErrorCategory.ObjectNotFound, $"No feed of this store matches \"{pattern}\".")
    {
        Target = pattern,
        Hint = KnownNames.Hint(
            pattern.Trim('*', '?'), definitions.Feeds.Select(f => f.Name), none: "The store has no feed yet: peaks3feed import FILE creates feeds."),
    };

    public static FeedException NotConfirmed(string feed, bool dropTable) => new(
        "NotConfirmed", FeedErrorCategory.InvalidArgument, $"Feed {feed} was not reset, because nobody could confirm it.")
    {
        Target = feed,
        Hint = "Without a person at a terminal, confirm the reset with --yes.",
        Remedies = [Remedy.ResetConfirmed(feed, dropTable)],
    };

    public static FeedException NotAnAddress(string text) => new(
        "ServeAddressInvalid", FeedErrorCategory.InvalidArgument, $"\"{text}\" is not an address to listen at.")
    {
        Target = text,
        Hint = "Write http://localhost:8462, or https:// with an IP address or * for all, and a port.",
    };

    public static FeedException ServeInvalid(string what, string? hint)
        => new("ServeInvalid", FeedErrorCategory.InvalidArgument, what) { Hint = hint };

    public static FeedException CannotListen(IReadOnlyList<ServeAddress> addresses, SocketError code, Exception inner)
    {
        var at = (addresses.Count > 1 ? "one of " : "") + string.Join(", ", addresses.Select(a => a.Url));
        if (code == SocketError.AddressAlreadyInUse)
        {
            return new(
                "ServeAddressInUse", FeedErrorCategory.ResourceBusy, $"The worker cannot listen at {at}: another program already listens there.",
                inner)
            {
                Hint = "If that is a worker of this store, you need no other one. Otherwise name another port with --urls.",
            };
        }

        var why = code switch
        {
            SocketError.AddressNotAvailable => "it is not an address of this machine",
            SocketError.AccessDenied => "the system does not allow it for this user",
            _ => inner.Message.TrimEnd('.'),
        };
        return new("ServeAddressUnavailable", FeedErrorCategory.ResourceUnavailable, $"The worker cannot listen at {at}: {why}.", inner)
        {
            Hint = "Name an address of this machine with --urls, or * for all; many systems reserve ports below 1024 for administrators.",
        };
    }

    public static FeedException TokenTooShort(string reference) => new(
        "ServeTokenTooShort", FeedErrorCategory.InvalidArgument,
        $"The token in {reference} has fewer than {ServeRules.MinTokenLength} characters, so it could be guessed.")
    {
        Target = reference,
        Hint = "Store a random token there. This command creates one:",
        Remedies = [Remedy.Verbatim("openssl rand -base64 32")],
    };

    public static FeedException ServiceNeedsStore(StorePaths own) => new(
        "ServiceNeedsStore", FeedErrorCategory.InvalidArgument,
        $"A service needs a store in one folder, named with --store: yours is in {own.ConfigDirectory} and {own.StateDirectory}, which only your "
            + "account uses.")
    {
        Hint = "Choose a folder, such as the one below. Import your definitions there as the service's user, and name the folder:",
        Remedies =
        [
            Remedy.Verbatim("peaks3feed export > definitions.json"),
            Remedy.Verbatim("peaks3feed --store /var/lib/peaks3feed import definitions.json"),
            Remedy.Verbatim("peaks3feed --store /var/lib/peaks3feed service print"),
        ],
    };

    public static FeedException NobodyServes(Uri url, Exception inner) => new(
        "WorkerUnreachable", FeedErrorCategory.ConnectionError, $"No worker answers at {url}: {inner.Message.TrimEnd('.')}.", inner)
    {
        Target = url.ToString(),
        Hint = "Start the worker with peaks3feed serve, or give its address.",
    };

    public static FeedException CertificateUnusable(string file, string why, Exception? inner) => new(
        "CertificateUnusable", FeedErrorCategory.InvalidArgument, $"The certificate {file} cannot be used: {why.TrimEnd('.')}.", inner)
    {
        Target = file,
        Hint = "Give a PKCS#12 file and its password (--certificate-password), or a PEM file and its key (--certificate-key).",
    };

    public static FeedException NotEmpty(string folder) => new(
        "FolderNotEmpty", FeedErrorCategory.ResourceExists, $"{folder} is not empty; the demo needs an empty folder.")
    {
        Target = folder,
        Hint = "Name a folder that does not exist yet.",
    };

    public static FeedException DemoWentWrong(int code, int expected) => new(
        "DemoWentWrong", FeedErrorCategory.InvalidOperation,
        $"The demo stops here: the command above ended with the exit code {code} instead of {expected}.");

    public static FeedException NoSamples(string start) => new(
        "SamplesNotFound", FeedErrorCategory.ObjectNotFound,
        $"The demo's data is missing: there is no folder named samples beside {start} or above it.")
    {
        Target = start,
        Hint = "Run the demo from a checkout or from a completely unpacked archive.",
    };
}
