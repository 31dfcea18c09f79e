namespace PeakS3Feed.Testing;

/// <summary>The categories of tests. The head of tests/run says what each one means; <c>--filter Category!=Slow</c> leaves one out.</summary>
public static class Category
{
    /// <summary>The name of the trait.</summary>
    public const string Name = "Category";

    /// <summary>Takes a second or more.</summary>
    public const string Slow = "Slow";

    /// <summary>Starts processes, and kills or stops them.</summary>
    public const string Kill = "Kill";

    /// <summary>Needs a server that tests/servers starts.</summary>
    public const string Server = "Server";

    /// <summary>Needs an account of a cloud service, which an environment variable names.</summary>
    public const string Live = "Live";
}
