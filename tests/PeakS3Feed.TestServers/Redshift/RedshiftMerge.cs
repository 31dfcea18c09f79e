using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>Checks that a MERGE has the only form that Redshift knows: both WHEN clauses, no conditions, a table as its source.</summary>
internal static class RedshiftMerge
{
    public static void Check(SqlCursor cursor)
    {
        cursor.Require("into");
        cursor.QualifiedName();
        if (!cursor.Takes("using"))
            throw RedshiftRefusal.Lacks("an alias of the target of MERGE");
        if (cursor.Sees("("))
            throw RedshiftRefusal.Lacks("a query as the source of MERGE");
        cursor.QualifiedName();
        cursor.Takes("as");
        if (!cursor.Sees("on"))
            cursor.Name();
        cursor.Require("on");
        while (!cursor.AtEnd && !cursor.Sees("when") && !cursor.Sees("remove", "duplicates"))
            cursor.Next();
        if (cursor.Sees("remove"))
            throw RedshiftRefusal.NotInStandIn("REMOVE DUPLICATES of MERGE");
        if (!cursor.Takes("when", "matched"))
            throw RedshiftRefusal.Lacks("MERGE without WHEN MATCHED before WHEN NOT MATCHED");
        Then(cursor);
        if (!cursor.Sees("update", "set") && !cursor.Sees("delete"))
            throw RedshiftRefusal.Lacks("actions of WHEN MATCHED other than UPDATE SET and DELETE");
        while (!cursor.AtEnd && !cursor.Sees("when", "matched") && !cursor.Sees("when", "not", "matched"))
            cursor.Next();
        if (!cursor.Takes("when", "not", "matched"))
            throw RedshiftRefusal.Lacks("MERGE without WHEN NOT MATCHED, or with two WHEN MATCHED");
        Then(cursor);
        if (!cursor.Takes("insert"))
            throw RedshiftRefusal.Lacks("actions of WHEN NOT MATCHED other than INSERT");
        while (!cursor.AtEnd)
        {
            if (cursor.Sees("when"))
                throw RedshiftRefusal.Lacks("MERGE with a third WHEN");
            if (cursor.Sees("("))
                cursor.Parentheses();
            else
                cursor.Next();
        }
    }

    private static void Then(SqlCursor cursor)
    {
        if (!cursor.Takes("then"))
            throw RedshiftRefusal.Lacks("conditions of WHEN in MERGE");
    }
}
