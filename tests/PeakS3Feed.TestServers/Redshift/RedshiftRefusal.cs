using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>The errors of Redshift and of its stand-in.</summary>
public static class RedshiftRefusal
{
    /// <summary>For what Redshift does not have, according to its documentation.</summary>
    public static RefusalException Lacks(string what) => new("0A000", $"Redshift lacks {what}");

    /// <summary>For what Redshift does only outside of a transaction.</summary>
    public static RefusalException InTransaction(string what) => new("25001", $"Redshift lacks {what} inside a transaction block");

    /// <summary>For what Redshift may have, but not the stand-in.</summary>
    public static RefusalException NotInStandIn(string what) => new("0A000", $"The stand-in for Redshift does not know {what}");

    /// <summary>For an error in the words of Redshift.</summary>
    public static RefusalException FromRedshift(string state, string message) => new(state, message);
}
