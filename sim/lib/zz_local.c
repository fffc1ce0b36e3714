int alk_zz_local;
extern int alk_zz_local;
